/** Colours and other orders to a terminal (ECMA-48: CSI; and OSC up to its end). */
const terminalOrders =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g;

/** Characters that are not seen, or that turn the direction of what follows. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A text of a program as a reader may see it: without orders to a terminal, and what hides in it stands as its number,
 * `[U+202E]`. Tabs and line breaks stay.
 */
export function plainText(text: string): string {
  return text.replace(terminalOrders, '').replace(hidden, (one) => {
    if (one === '\t' || one === '\n') return one;
    return `[U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}
