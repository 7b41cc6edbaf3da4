/** A value in a section of an INI file. */
interface IniValue {
  /** In lower case, as Python's readers see it. */
  readonly key: string;
  /** As it was written. */
  readonly writtenKey: string;
  readonly value: string;
}

/** A section of an INI file; where a key stands twice, the last one counts. */
export interface IniSection {
  readonly name: string;
  readonly values: ReadonlyMap<string, IniValue>;
}

/** An INI file, with the lines that are none of it. */
export interface IniFile {
  readonly sections: readonly IniSection[];
  readonly faults: readonly { readonly line: number; readonly text: string }[];
}

/**
 * Reads an INI file as Python's configparser does: `key = value` or `key: value`, indented lines go on with the value
 * before, `;` and `#` begin a comment line; within a line one of `inlineComments` after a space does.
 */
export function parseIni(text: string, inlineComments: string): IniFile {
  const sections = new Map<string, Map<string, IniValue>>();
  const faults: { line: number; text: string }[] = [];
  let section: Map<string, IniValue> | undefined;
  let key: string | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = withoutComment(raw, inlineComments);
    if (/^\s*([;#]|$)/.test(line)) continue;
    const before = key === undefined ? undefined : section?.get(key);
    const header = /^\[([^\]]+)\]\s*$/.exec(line)?.[1]?.trim();
    const pair = /^([^\s=:[][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (/^\s/.test(line) && before !== undefined) {
      section?.set(before.key, { ...before, value: `${before.value}\n${line.trim()}`.trim() });
    } else if (header !== undefined) {
      section = sections.get(header) ?? new Map();
      sections.set(header, section);
      key = undefined;
    } else if (section !== undefined && pair?.[1] !== undefined) {
      key = pair[1].toLowerCase();
      section.set(key, { key, writtenKey: pair[1], value: pair[2] ?? '' });
    } else faults.push({ line: index + 1, text: line.trim().slice(0, 60) });
  }
  return { sections: [...sections].map(([name, values]) => ({ name, values })), faults };
}

function withoutComment(line: string, inlineComments: string): string {
  for (let at = 1; at < line.length; at += 1) {
    const isComment = inlineComments.includes(line[at] ?? ' ') && /\s/.test(line[at - 1] ?? '');
    if (isComment) return line.slice(0, at).trimEnd();
  }
  return line;
}

/** Notes on lines that were passed over. */
export function faultNotes(file: IniFile): string[] {
  return file.faults.map(({ line, text }) => `line ${line} is left out: found ${text}`);
}
