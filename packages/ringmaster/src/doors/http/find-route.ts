import { Problem } from '../../errors.ts';
import { nearestNames } from '../../operations/nearest.ts';
import { type OperationName, type Route, routes } from '../../operations/routes.ts';

/** The operation that was asked for, and the input fields that its path carries. */
export interface FoundRoute {
  readonly name: OperationName;
  readonly fields: Readonly<Record<string, string>>;
}

const table = Object.entries(routes).map(([name, route]: [string, Route]) => ({
  name: name as OperationName,
  method: route.method,
  path: route.path,
  segments: route.path.split('/'),
}));

/**
 * Finds the operation at a path below `/api`; a HEAD is asked like a GET (RFC 9110, 9.1). Throws `operation_not_found`
 * with what is near, or `method_not_allowed` with the methods there are, as `details.allow`.
 */
export function findRoute(asking: string, path: string): FoundRoute {
  const method = asking === 'HEAD' ? 'GET' : asking;
  const segments = path.split('/');
  for (const route of table) {
    const fields = route.method === method ? matchSegments(route.segments, segments) : undefined;
    if (fields !== undefined) return { name: route.name, fields };
  }
  const sentence = (one: { method: string; path: string }) => `${one.method} /api${one.path}`;
  const asked = sentence({ method, path: path.slice(0, 200) });
  const sameplace = table.filter((one) => matchSegments(one.segments, segments) !== undefined);
  if (sameplace.length > 0) {
    const allow: string[] = sameplace.map((one) => one.method);
    if (allow.includes('GET')) allow.push('HEAD');
    const told = `Cannot do ${asked}: needed ${sameplace.map(sentence).join(' or ')}`;
    throw new Problem('method_not_allowed', told, { details: { allow } });
  }
  const nearest = nearestNames(asked, table.map(sentence));
  const offer = nearest.length === 0 ? '' : `: did you mean ${nearest.join(' or ')}?`;
  throw new Problem('operation_not_found', `Cannot find an operation at ${asked}${offer}`, {
    details: { nearest },
  });
}

function matchSegments(
  wanted: readonly string[],
  given: readonly string[],
): Record<string, string> | undefined {
  if (wanted.length !== given.length) return undefined;
  const fields: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    const field = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (field === undefined) {
      if (segment !== value) return undefined;
    } else {
      if (value === '') return undefined;
      fields[field] = decode(value);
    }
  }
  return fields;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    const found = JSON.stringify(segment);
    throw new Problem('bad_request', `Cannot read the path: ${found} is not percent-encoded text`, {
      cause,
    });
  }
}
