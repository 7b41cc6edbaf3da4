import type { Dispatcher } from 'undici';

/** Times one request is sent elsewhere; a server that sends it round in circles is left then. */
const hopsMax = 5;
/** What leaves the method and the body as they are (RFC 9110, 15.4.8 and 15.4.9). */
const keeping: ReadonlySet<number> = new Set([307, 308]);
/** A GET is one either way. */
const anyOf: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a request, and again to where the server says it belongs, as servers do that want a `/` at the end or none. Only
 * within the origin: another one would get what is meant for this server alone. What leads elsewhere is the response.
 */
export async function sendWithin<
  One extends { readonly path: string; readonly method: string },
  Opaque,
>(
  origin: string,
  first: One,
  send: (request: One) => Promise<Dispatcher.ResponseData<Opaque>>,
): Promise<Dispatcher.ResponseData<Opaque>> {
  let request = first;
  for (let hops = 0; ; hops += 1) {
    const response = await send(request);
    const isRedirect = (request.method === 'GET' ? anyOf : keeping).has(response.statusCode);
    const target = isRedirect ? locationOf(response, new URL(request.path, origin)) : undefined;
    if (target?.origin !== origin || hops === hopsMax) return response;
    await response.body.dump();
    request = { ...request, path: target.pathname + target.search };
  }
}

/** Where a response sends us; undefined when it does not say. */
export function locationOf(
  { headers }: Pick<Dispatcher.ResponseData<unknown>, 'headers'>,
  base: URL,
): URL | undefined {
  const { location } = headers;
  const isAddress = typeof location === 'string' && URL.canParse(location, base.href);
  return isAddress ? new URL(location, base) : undefined;
}
