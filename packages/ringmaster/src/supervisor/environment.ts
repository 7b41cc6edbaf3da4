/** What a server gets from the daemon's own environment: enough to find programs, speak the language and reach the network. */
const passedOn = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TERM',
  'TMPDIR',
  'TZ',
  'LANG',
  'LANGUAGE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
]);

type Variables = Readonly<Record<string, string | undefined>>;

/** The environment of a server: a small part of ours, then its own, then what we must tell it. */
export function serverEnvironment(parts: {
  readonly ours: Variables;
  readonly own: Readonly<Record<string, string>>;
  readonly told: Readonly<Record<string, string>>;
}): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(parts.ours)) {
    if (value === undefined) continue;
    if (passedOn.has(name) || name.startsWith('LC_') || name.startsWith('XDG_'))
      result[name] = value;
  }
  return { ...result, ...parts.own, ...parts.told };
}
