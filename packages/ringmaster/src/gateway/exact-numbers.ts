import { isObject, type JsonObject, writeJson } from './messages.ts';

/**
 * What may be a number that no double holds: more than 15 digits, or a power of ten of three. Digits of texts match as
 * well, which costs a closer look and nothing else.
 */
const riskyNumber = /\d{16}|[\d.]{17}|[eE][+-]?\d{3}/;

/** The text of objects, lists and boxed numbers that hold such numbers, for as long as somebody has them. */
const exactTexts = new WeakMap<object, string>();

/**
 * Notes the text of what stands in `message[field]`, and in its `_meta`, which is taken apart on the
 * way, where reading would round numbers: `writeExact` must not pass on another number than the one
 * that came. `text` is what the message was read from. A number that is itself a member becomes a
 * boxed one; true when there was one, as whoever took the part to pieces before has missed it.
 */
export function keepExactNumbers(
  text: string,
  message: JsonObject,
  field: 'params' | 'result',
): boolean {
  const part = message[field];
  if (!isObject(part) || !riskyNumber.test(text)) return false;
  const around = membersOf(text, text.indexOf('{')).get(field);
  return around !== undefined && noteMembers(text, text.indexOf('{', around.from), part);
}

/**
 * An object that was read from JSON text, which `writeExact` writes with the numbers that stood there; undefined when the
 * text holds no object. Throws a SyntaxError when it is no JSON.
 */
export function readExact(text: string): JsonObject | undefined {
  const read: JsonObject = { params: { object: JSON.parse(text) } };
  keepExactNumbers(`{"params":{"object":${text}}}`, read, 'params');
  const { object } = read['params'] as JsonObject;
  if (!isObject(object)) return undefined;
  keepExactNumbersWithin(object);
  return object;
}

/** Whether reading this text may round a number. */
export function isRisky(text: string): boolean {
  return riskyNumber.test(text);
}

/** Notes the texts of what stands in an object whose own text was noted, for one who takes it apart. */
export function keepExactNumbersWithin(part: JsonObject): void {
  const text = exactTexts.get(part);
  if (text !== undefined) noteMembers(text, text.indexOf('{'), part);
}

/** The text at a path of property names in an object whose own text was noted. */
export function exactTextAt(part: unknown, path: readonly string[]): string | undefined {
  let text = exactText(part);
  for (const key of path) {
    const at = text?.indexOf('{') ?? -1;
    const span = text === undefined || at < 0 ? undefined : membersOf(text, at).get(key);
    text = span && text?.slice(span.from, span.to).trim();
  }
  return text;
}

function noteMembers(text: string, at: number, part: Record<string, unknown>): boolean {
  let hasBoxed = false;
  for (const [key, { from, to }] of membersOf(text, at)) {
    const exact = text.slice(from, to);
    if (!riskyNumber.test(exact)) continue;
    let value = part[key];
    if (key === '_meta' && isObject(value)) {
      hasBoxed = noteMembers(text, text.indexOf('{', from), value) || hasBoxed;
    }
    if (typeof value === 'number') {
      value = Object(value);
      part[key] = value;
      hasBoxed = true;
    }
    // Line ends stand only between the parts of JSON, and a message is one line.
    if (typeof value === 'object' && value !== null) {
      exactTexts.set(value, exact.replace(/[\r\n]+/g, ' '));
    }
  }
  return hasBoxed;
}

/** An object as JSON text, with the noted text of what is in it; undefined when it is nested too deeply. */
export function writeExact(value: JsonObject): string | undefined {
  const keys = Object.keys(value);
  const isNoted = keys.some(
    (key) => exactText(value[key]) !== undefined || (key === '_meta' && hasNoted(value[key])),
  );
  if (!isNoted) return writeJson(value);
  const members: string[] = [];
  for (const key of keys) {
    const member = value[key];
    const written =
      exactText(member) ??
      (key === '_meta' && isObject(member) ? writeExact(member) : writeJson(member));
    if (written === undefined) return undefined;
    members.push(`${JSON.stringify(key)}:${written}`);
  }
  return `{${members.join(',')}}`;
}

function hasNoted(value: unknown): boolean {
  return isObject(value) && Object.values(value).some((one) => exactText(one) !== undefined);
}

function exactText(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? exactTexts.get(value) : undefined;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where the values of an object stand in a text that is known to be JSON; `at` is its opening brace. */
function membersOf(text: string, at: number): Map<string, Span> {
  const members = new Map<string, Span>();
  let depth = 0;
  let key: string | undefined;
  let from = 0;
  for (let index = at; index < text.length; index += 1) {
    const letter = text[index];
    if (letter === '"') {
      const end = endOfString(text, index);
      if (depth === 1 && key === undefined) key = JSON.parse(text.slice(index, end)) as string;
      index = end - 1;
    } else if (letter === '{' || letter === '[') depth += 1;
    else if (letter === ':' && depth === 1) from = index + 1;
    else if (letter === '}' || letter === ']' || letter === ',') {
      const isEnd = letter !== ',';
      if (depth === 1 && key !== undefined) members.set(key, { from, to: index });
      if (depth === 1) key = undefined;
      if (isEnd) depth -= 1;
      if (depth === 0) break;
    }
  }
  return members;
}

/** The place after the closing quote. */
function endOfString(text: string, at: number): number {
  let end = at;
  let isEscaped = true;
  while (isEscaped) {
    end = text.indexOf('"', end + 1);
    let backslash = end;
    while (text[backslash - 1] === '\\') backslash -= 1;
    isEscaped = (end - backslash) % 2 === 1;
  }
  return end + 1;
}
