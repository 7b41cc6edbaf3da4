import type { JsonSchema } from './json-schema.ts';
import { serverNamePattern } from './schema.ts';
import { exposedNamePattern, neededInExposedName } from './schema-names.ts';
import { neededMeasure } from './units.ts';

/** What the schema wants, in words: the kind of value, its range with its unit, or every choice there is. */
export function neededText(schema: JsonSchema | undefined): string {
  if (schema === undefined) return 'another value';
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return optionsText(options);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return choice(schema.enum);
  if (typeof schema.type !== 'string') {
    const { unit } = schema;
    return unit === 'ms' || unit === 'bytes' ? neededMeasure[unit] : 'text';
  }
  switch (schema.type) {
    case 'object':
      return sectionText(schema);
    case 'array':
      return `a list${rangeText({ minimum: schema.minItems, maximum: schema.maxItems })}`;
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${rangeText(schema)}`;
    case 'number':
      return `a number${rangeText(schema)}`;
    default:
      return stringText(schema);
  }
}

function optionsText(options: readonly JsonSchema[]): string {
  const sections = options.flatMap(({ properties }) => properties ?? []);
  if (sections.length === options.length) {
    return sectionText({ properties: Object.assign({}, ...sections) });
  }
  const values = options.flatMap((option) => option.enum ?? option.const ?? []);
  const isChoice = options.every(({ const: one, enum: some }) => (one ?? some) !== undefined);
  return isChoice ? choice(values) : options.map(neededText).join(', or ');
}

function sectionText({ properties }: JsonSchema): string {
  if (properties === undefined) return 'a section of names and values';
  const keys = Object.keys(properties);
  return `a section with ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', …' : ''}`;
}

function stringText({ pattern, minLength, maxLength }: JsonSchema): string {
  if (pattern === exposedNamePattern.source) return neededInExposedName;
  if (pattern === serverNamePattern.source) {
    return '1 to 48 letters, digits, "_", "." or "-", beginning with a letter or digit';
  }
  if (maxLength === undefined) return minLength === undefined ? 'text' : 'text that is not empty';
  const least = minLength === undefined ? 'at most' : `${minLength} to`;
  return `text of ${least} ${maxLength} characters`;
}

/** What zod writes for a whole number that has no limit of its own. */
const unlimited = Number.MAX_SAFE_INTEGER;

function rangeText({
  minimum,
  maximum,
  unit,
}: {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly unit?: string;
}): string {
  const from = minimum === undefined || minimum <= -unlimited ? undefined : minimum;
  const to = maximum === undefined || maximum >= unlimited ? undefined : maximum;
  const both = from === undefined || to === undefined ? undefined : ` from ${from} to ${to}`;
  const least = from === undefined ? undefined : ` of at least ${from}`;
  const most = to === undefined ? undefined : ` of at most ${to}`;
  const range = both ?? least ?? most ?? '';
  return unit === undefined ? range : `${range} (${unit})`;
}

function choice(values: readonly unknown[]): string {
  const words = values.map((value) => JSON.stringify(value));
  const last = words[words.length - 1] ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
