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

/** What names a person among these, and so must be another's when a server runs as somebody else. */
const personal = ['HOME', 'USER', 'LOGNAME', 'SHELL'];

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

/**
 * The environment for a server that runs as somebody else: what is personal is theirs or left out,
 * except what its entry sets itself (`own`).
 */
export function environmentOfAccount(
  environment: Readonly<Record<string, string>>,
  account: { readonly name: string | undefined; readonly home: string | undefined } | undefined,
  own: readonly string[],
): Record<string, string> {
  if (account === undefined) return { ...environment };
  const isTheirs = (name: string) => personal.includes(name) || name.startsWith('XDG_');
  const kept = Object.entries(environment).filter(
    ([name]) => own.includes(name) || !isTheirs(name),
  );
  const { name, home } = account;
  return {
    ...(home === undefined ? {} : { HOME: home }),
    ...(name === undefined ? {} : { USER: name, LOGNAME: name }),
    ...Object.fromEntries(kept),
  };
}
