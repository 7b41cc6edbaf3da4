/** What a server said when it refused a request for want of rights (RFC 6750, RFC 9728). */
export interface Challenge {
  /** Address of the metadata that names its authorization servers. */
  readonly resourceMetadata?: string;
  /** Scopes it asks for. */
  readonly scopes: readonly string[];
  readonly error?: string;
}

/** Longest header that is read; what is longer says nothing we could use. */
const headerLengthMax = 8_192;

/**
 * Reads the first challenge of the scheme Bearer in a `WWW-Authenticate` header, which may hold several (RFC 9110,
 * 11.6.1). Without one, the challenge is empty.
 */
export function readChallenge(header: string | undefined): Challenge {
  const parameters = bearerParameters(header?.slice(0, headerLengthMax) ?? '');
  const resourceMetadata = parameters.get('resource_metadata');
  const error = parameters.get('error');
  return {
    scopes: scopesOf(parameters.get('scope')),
    ...(resourceMetadata === undefined ? {} : { resourceMetadata }),
    ...(error === undefined ? {} : { error }),
  };
}

/** The scopes of a list separated by spaces, each once (RFC 6749, 3.3). */
export function scopesOf(text: string | undefined): readonly string[] {
  return [...new Set((text ?? '').split(/\s+/).filter((scope) => scope !== ''))];
}

const parameterOrScheme =
  /([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g;

function bearerParameters(header: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let isBearer = false;
  for (const [, word = '', quoted, plain] of header.matchAll(parameterOrScheme)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) {
      // A word without a value begins the next challenge.
      if (isBearer) break;
      isBearer = word.toLowerCase() === 'bearer';
    } else if (isBearer && !found.has(word.toLowerCase())) found.set(word.toLowerCase(), value);
  }
  return found;
}
