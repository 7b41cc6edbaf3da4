import { isObject, type JsonObject, writeJson } from './messages.ts';

/** Numbers this long may not survive being read: 2^53 has 16 digits. */
const longNumber = /\d{16}/;

/** The text of objects and lists that hold long numbers, for as long as somebody has them. */
const exactTexts = new WeakMap<object, string>();

/**
 * Notes the text of what stands in `message[field]` where long numbers are in it: reading rounds them, and `writeExact`
 * must not pass on another number than the one that came. `text` is what the message was read from.
 */
export function keepExactNumbers(
  text: string,
  message: JsonObject,
  field: 'params' | 'result',
): void {
  const part = message[field];
  if (!isObject(part) || !longNumber.test(text)) return;
  const around = membersOf(text, text.indexOf('{')).get(field);
  if (around !== undefined) keepParts(text, text.indexOf('{', around.from), part);
}

/** Notes the texts of what stands in an object whose own text was noted, for one who takes it apart. */
export function keepExactNumbersWithin(part: JsonObject): void {
  const text = exactTexts.get(part);
  if (text !== undefined) keepParts(text, text.indexOf('{'), part);
}

function keepParts(text: string, at: number, part: JsonObject): void {
  for (const [key, { from, to }] of membersOf(text, at)) {
    const value = part[key];
    const exact = text.slice(from, to);
    if (typeof value !== 'object' || value === null || !longNumber.test(exact)) continue;
    // Line ends stand only between the parts of JSON, and a message is one line.
    exactTexts.set(value, exact.replace(/[\r\n]+/g, ' '));
  }
}

/** An object as JSON text, with the noted text of what is in it; undefined when it is nested too deeply. */
export function writeExact(value: JsonObject): string | undefined {
  const keys = Object.keys(value);
  if (!keys.some((key) => exactText(value[key]) !== undefined)) return writeJson(value);
  const members: string[] = [];
  for (const key of keys) {
    const written = exactText(value[key]) ?? writeJson(value[key]);
    if (written === undefined) return undefined;
    members.push(`${JSON.stringify(key)}:${written}`);
  }
  return `{${members.join(',')}}`;
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
