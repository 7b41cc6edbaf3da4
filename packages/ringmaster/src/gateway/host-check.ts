/** Names by which this machine reaches itself; a page of another site cannot send any of them as Host. */
const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * True when the Host header is a loopback name with our port (a missing port means 80), or the address we were told
 * to listen on. Everything else may be another site's name that resolves to us (DNS rebinding).
 */
export function isAllowedHost(
  host: string | undefined,
  listening: { readonly host: string; readonly port: number },
): boolean {
  if (host === undefined) return false;
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:[\]/@\s]+)(?::(\d{1,5}))?$/.exec(host);
  if (match === null) return false;
  const name = (match[1] ?? '').toLowerCase();
  const port = Number(match[2] ?? 80);
  return port === listening.port && (loopbackNames.has(name) || isOwnName(name, listening.host));
}

/** True when there is no Origin (no browser) or it is a page of this machine, on any port. */
export function isAllowedOrigin(origin: string | undefined, listeningHost: string): boolean {
  if (origin === undefined) return true;
  const match = /^https?:\/\/(\[[0-9a-fA-F:.]+\]|[^:[\]/@\s]+)(?::\d{1,5})?$/i.exec(origin);
  const name = (match?.[1] ?? '').toLowerCase();
  return loopbackNames.has(name) || (name !== '' && isOwnName(name, listeningHost));
}

function isOwnName(name: string, listeningHost: string): boolean {
  const own = listeningHost.includes(':') ? `[${listeningHost}]` : listeningHost;
  // "Every address" is no name: it would allow any.
  return listeningHost !== '0.0.0.0' && listeningHost !== '::' && name === own.toLowerCase();
}
