/**
 * What a terminal would act on instead of showing it: control characters but tab and line break, and characters that
 * turn the direction of text around (Trojan Source, CVE-2021-42574). Our own colours, which end in `m`, stay.
 */
const acting =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  /(\u001b\[[0-9;]*m)|\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What JSON leaves as it is though a terminal would act on it. */
const actingInJson = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text of a stranger, as agents and receivers of alerts may have it: without colours too. */
export function plainText(text: string): string {
  return text.replace(acting, '');
}

/** The same for every text of a value as JSON has it; names too. */
export function plainValue<Value>(value: Value): Value {
  return plain(value) as Value;
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [plainText(name), plain(one)]),
  );
}

/** Text as a terminal may have it, whoever wrote it: the last guard before stdout and stderr. */
export function harmless(text: string): string {
  return text.replace(acting, (_, colour: string | undefined) => colour ?? '');
}

/** The same for JSON, where such a character is written as `\\u202e` and so is still the same value. */
export function harmlessJson(json: string): string {
  return json.replace(
    actingInJson,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
