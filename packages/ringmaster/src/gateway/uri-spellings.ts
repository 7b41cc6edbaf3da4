/** What a URI may come to mean at a server. */
export interface UriSpellings {
  /** As it is, and decoded for as long as that changes it. */
  readonly written: readonly string[];
  /** The same as a reader of URLs takes them: scheme in small letters, no blanks around it, one way of slashes. */
  readonly read: readonly string[];
}

/** Most times a URI is decoded to find what it may come to mean at a server. */
const decodingsMax = 3;

/**
 * The spellings of a URI that rules look at. Undefined when one goes up in its path, or does not
 * come to an end, as then it may mean what no pattern sees in it.
 */
export function spellingsOfUri(uri: string): UriSpellings | undefined {
  const written = [uri];
  const read: string[] = [];
  for (let count = 0; count <= decodingsMax; count += 1) {
    const last = written.at(-1) ?? uri;
    const plain = plainUri(last);
    if (goesUp(last) || goesUp(plain)) return undefined;
    read.push(plain);
    const next = decodedOnce(last);
    if (next === last) return { written, read };
    written.push(next);
  }
  return undefined;
}

function goesUp(uri: string): boolean {
  return /(^|[/\\])\.{1,2}([/\\?#]|$)/.test(uri);
}

function decodedOnce(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      // Not UTF-8: what it means is the server's own affair, and no pattern can name it.
      return escapes;
    }
  });
}

/**
 * The URI as parsers of URLs read it (WHATWG URL, basic URL parser), which most servers use: they
 * drop blanks around it and line ends in it, do not mind the case of the scheme, and in `file:` and
 * `http:` neither that of the host nor which slashes there are, nor how many. In `file:` the host of
 * this machine is none.
 */
function plainUri(uri: string): string {
  const text = withoutBlanks(uri);
  const [, name, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text) ?? [];
  if (name === undefined || rest === undefined) return text;
  const scheme = name.toLowerCase();
  if (scheme === 'file') {
    const path = rest.replaceAll('\\', '/').replace(/^\/\/localhost(?=\/|$)/i, '');
    return `file:///${path.replace(/\/+/g, '/').replace(/^\//, '')}`;
  }
  if (!webSchemes.has(scheme)) return `${scheme}:${rest}`;
  const [, host = '', path = ''] = /^[/\\]*([^/\\?#]*)(.*)$/s.exec(rest) ?? [];
  return `${scheme}://${host.toLowerCase()}${path.replaceAll('\\', '/')}`;
}

const webSchemes: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss', 'ftp']);

/** Everything up to the space counts as a blank around a URL; line ends and tabs count nowhere. */
function withoutBlanks(uri: string): string {
  const isBlank = (at: number): boolean => uri.charCodeAt(at) <= 0x20;
  let from = 0;
  let to = uri.length;
  while (from < to && isBlank(from)) from += 1;
  while (to > from && isBlank(to - 1)) to -= 1;
  return uri.slice(from, to).replace(/[\t\n\r]/g, '');
}
