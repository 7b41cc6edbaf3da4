/** JSON text that is sent again and again: written out as bytes once, when it is first sent as such. */
export interface KeptText {
  readonly text: string;
  /** UTF-8; never to be written to. */
  readonly bytes: () => Buffer;
}

/** JSON text whose long part is kept: it is `before`, then the kept text, then `after`. */
export interface Spliced {
  readonly before: string;
  readonly kept: KeptText;
  readonly after: string;
}

/** Keeps a text. */
export function keptText(text: string): KeptText {
  let bytes: Buffer | undefined;
  return {
    text,
    bytes() {
      bytes ??= Buffer.from(text);
      return bytes;
    },
  };
}

/** The whole of a text, for where it is not sent as bytes. */
export function wholeText(text: string | Spliced): string {
  return typeof text === 'string' ? text : text.before + text.kept.text + text.after;
}
