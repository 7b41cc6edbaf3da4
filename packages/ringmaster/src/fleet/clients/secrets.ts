import type { ServerEntryInput } from '../schema.ts';
import { escapeLiteral, segmentsOf } from '../variables.ts';
import { type Fields, fieldsOf } from './client.ts';
import { variableName } from './names.ts';

/** An entry without its secrets; `secrets` is what goes to the variables file. */
export interface WithoutSecrets {
  readonly entry: ServerEntryInput;
  /** Values by variable name, as they are used, not escaped. */
  readonly secrets: ReadonlyMap<string, string>;
}

/**
 * Replaces every literal that looks like a secret, in env, headers, args, url and kept client keys, by `${VAR}`.
 * `taken` holds variables that already mean something; a name with another value gets the server's name in front.
 */
export function moveSecrets(
  server: string,
  entry: ServerEntryInput,
  taken: ReadonlyMap<string, string>,
): WithoutSecrets {
  const secrets = new Map<string, string>();
  const keep = (key: string, value: string): string => {
    const names = [variableName(key), variableName(server, key)];
    for (let count = 2; count < 1_000; count += 1)
      names.push(variableName(server, key, `${count}`));
    const isFree = (name: string) => (secrets.get(name) ?? taken.get(name) ?? value) === value;
    const name = names.find(isFree) ?? variableName(server, key);
    secrets.set(name, value);
    return `\${${name}}`;
  };
  const one = (key: string, text: string): string => hide(key, text, keep);
  const moved: Record<string, unknown> = { ...entry };
  for (const field of ['env', 'headers'] as const) {
    if (entry[field] === undefined) continue;
    moved[field] = mapValues(entry[field], (key, value) => one(key, String(value)));
  }
  if (entry.args !== undefined) moved['args'] = hideInArgs(entry.args.map(String), server, keep);
  if (entry.url !== undefined) moved['url'] = hideInUrl(entry.url, server, keep);
  if (entry.imported !== undefined) moved['imported'] = hideDeep(entry.imported, 'imported', keep);
  return { entry: moved as ServerEntryInput, secrets };
}

type Keep = (key: string, value: string) => string;

function hide(key: string, text: string, keep: Keep): string {
  const value = literalOf(text);
  if (value === undefined) return text;
  const [, scheme, credential] = /^(Bearer|Basic|Token|token|bearer)\s+(\S+)$/.exec(value) ?? [];
  if (scheme !== undefined && credential !== undefined) return `${scheme} ${keep(key, credential)}`;
  return looksSecret(key, value) ? keep(key, value) : text;
}

function hideInArgs(args: readonly string[], server: string, keep: Keep): string[] {
  return args.map((text, index) => {
    const value = literalOf(text);
    if (value === undefined) return text;
    // `--flag=secret`, `NAME=secret` behind `docker run -e`, `Name: secret` behind `--header`.
    const [, name, mark, own] =
      /^(-{0,2}[A-Za-z][\w-]*)(=|:\s*(?!\/\/))([\s\S]+)$/.exec(value) ?? [];
    if (name !== undefined && mark !== undefined && own !== undefined) {
      const hidden = hideOne(name, own, server, keep);
      return hidden === undefined ? text : `${escapeLiteral(name + mark)}${hidden}`;
    }
    const before = args[index - 1] ?? '';
    const isAfterFlag = /^-{1,2}[A-Za-z][\w-]*$/.test(before) && !value.startsWith('-');
    const key = isAfterFlag ? before : '';
    if (value.includes('://') && key === '') return hideInUrl(text, server, keep);
    if (looksSecret(key, value))
      return keep(key === '' ? `${server}_ARG_${index + 1}` : key, value);
    return hideInUrl(text, server, keep);
  });
}

/** What stands behind a name in an argument, without its secret; undefined when it has none. */
function hideOne(name: string, own: string, server: string, keep: Keep): string | undefined {
  const inHeader = /^([A-Za-z][\w-]*):\s*/.exec(own)?.[0];
  if (inHeader !== undefined && !own.startsWith('//', inHeader.length)) {
    const rest = hideOne(inHeader, own.slice(inHeader.length), server, keep);
    return rest === undefined ? undefined : escapeLiteral(inHeader) + rest;
  }
  const escaped = escapeLiteral(own);
  const hidden = hide(name, escaped, keep);
  if (hidden !== escaped) return hidden;
  const inUrl = hideInUrl(escaped, server, keep);
  return inUrl === escaped ? undefined : inUrl;
}

const userInfo = /^([a-z][a-z0-9+.-]*:\/\/[^/@\s:]*:)([^/@\s]+)(@[\s\S]*)$/i;
const queryPart = /([?&])([\w.-]+)=([^&#$]+)/g;
const pathPart = /(?<=[^:/]\/)([^/?#$\s]+)/g;

function hideInUrl(text: string, server: string, keep: Keep): string {
  const value = literalOf(text);
  if (value === undefined || !value.includes('://')) return text;
  const [, before, password, after] = userInfo.exec(value) ?? [];
  const start =
    password === undefined
      ? escapeLiteral(value)
      : `${escapeLiteral(before ?? '')}${keep(`${server}_PASSWORD`, password)}${escapeLiteral(after ?? '')}`;
  const at = start.search(/[?#]|$/);
  const path = start
    .slice(0, at)
    .replaceAll(pathPart, (own: string) =>
      isSecretShaped(own) ? keep(`${server}_URL_KEY`, own) : own,
    );
  return (
    path +
    start
      .slice(at)
      .replaceAll(queryPart, (whole, mark: string, key: string, own: string) =>
        looksSecret(key, own) ? `${mark}${key}=${keep(`${server}_${key}`, own)}` : whole,
      )
  );
}

/** An address as it may be shown: every secret in it is a `…`. */
export function shownAddress(url: string): string {
  const at = url.search(/[?#]|$/);
  const path = url
    .slice(0, at)
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/i, '$1…@')
    .replaceAll(pathPart, (own: string) => (isSecretShaped(own) ? '…' : own));
  return (
    path +
    url
      .slice(at)
      .replaceAll(queryPart, (whole, mark: string, key: string, own: string) =>
        looksSecret(key, own) ? `${mark}${key}=…` : whole,
      )
  );
}

/** Whether an address carries a secret: a password, a key in its query, or one as a step of its path. */
function hasSecretInUrl(url: string): boolean {
  const path = url.replace(/[?#][\s\S]*$/, '');
  return (
    userInfo.test(url) ||
    [...path.matchAll(pathPart)].some(([own]) => isSecretShaped(own)) ||
    [...url.matchAll(queryPart)].some(([, , key = '', own = '']) => looksSecret(key, own))
  );
}

function hideDeep(value: unknown, key: string, keep: Keep): unknown {
  if (typeof value === 'string') return hide(key, value, keep);
  if (Array.isArray(value)) return value.map((item) => hideDeep(item, key, keep));
  if (typeof value !== 'object' || value === null) return value;
  return mapValues(fieldsOf(value), (name, own) => hideDeep(own, name, keep));
}

function mapValues(fields: Fields, change: (key: string, value: unknown) => unknown): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, own]) => [key, change(key, own)]));
}

/** The text as it will be used; undefined when it has variables, so that its secret stands elsewhere already. */
function literalOf(text: string): string | undefined {
  const parts = segmentsOf(text).map((part) => (part.kind === 'text' ? part.text : undefined));
  return parts.includes(undefined) ? undefined : parts.join('');
}

const secretName =
  /(^|_)(TOKEN|KEY|SECRET|PASSWORD|PASSWD|PASSPHRASE|PWD|CREDENTIALS?|AUTHORIZATION|AUTH|APIKEY|PAT|COOKIE|DSN)S?$/;

/** Shapes that are secrets under any name: keys of well-known services, JSON Web Tokens, private keys. */
const secretShapes: readonly RegExp[] = [
  /^sk-[A-Za-z0-9_-]{16,}/,
  /^(ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{20,}/,
  /^github_pat_[A-Za-z0-9_]{20,}/,
  /^glpat-[A-Za-z0-9_-]{16,}/,
  /^xox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /^(AKIA|ASIA)[A-Z0-9]{16}$/,
  /^AIza[A-Za-z0-9_-]{30,}/,
  /^(sk|rk|pk)_(live|test)_[A-Za-z0-9]{10,}/,
  /^(hf|npm|figd|lin_api|ntn|tvly|pplx)[_-][A-Za-z0-9_-]{16,}/,
  /^eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

/** Whether a value is more likely a secret than not, by the name of its key and by its own shape. */
export function looksSecret(key: string, value: string): boolean {
  if (secretName.test(variableName(key)) && !isHarmless(value)) return true;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return key !== '' && hasSecretInUrl(value);
  return isSecretShaped(value) || hasSecretInside(value);
}

function isSecretShaped(value: string): boolean {
  return secretShapes.some((shape) => shape.test(value)) || looksRandom(value);
}

const credentialInside = /\b(?:bearer|basic)\s+[\w.~+/=-]{8,}/i;
const namedInside = /["']?([A-Za-z][\w-]*)["']?\s*[:=]\s*["']?([^\s"',;&}]+)/g;

/** Whether a longer text, such as JSON or `Server=db;Password=…`, has a secret somewhere in it. */
function hasSecretInside(value: string): boolean {
  if (credentialInside.test(value)) return true;
  if (value.split(/[\s"',;:=&]+/).some((word) => secretShapes.some((shape) => shape.test(word))))
    return true;
  return [...value.matchAll(namedInside)].some(
    ([, name = '', own = '']) => secretName.test(variableName(name)) && !isHarmless(own),
  );
}

function isHarmless(value: string): boolean {
  return value === '' || /^(true|false|yes|no|on|off|none|null|\d{1,6})$/i.test(value);
}

/** Long, without spaces or paths, letters and digits mixed, and hard to guess: at least 3.5 bits a letter. */
function looksRandom(value: string): boolean {
  if (value.length < 32 || !/^[A-Za-z0-9+/_=-]+$/.test(value)) return false;
  if (/^[/~.]/.test(value) || !/\d.*\d.*\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  const counts = new Map<string, number>();
  for (const letter of value) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / value.length;
    bits -= share * Math.log2(share);
  }
  return bits >= 3.5;
}
