import { createRequire } from 'node:module';

/** What our own sentences and tables in English are made of: every one of these takes one column. */
const narrow = /^[\x20-\x7e·●○◌–—…→←×«»‘’“”█▁▂▃▄▅▆▇]*$/;

let measure: ((text: string) => number) | undefined;

/**
 * Columns a text takes in a terminal. The package that knows wide characters and colours is loaded with the first text
 * that may hold any: it brings a grapheme segmenter, which cost every command line 10 ms.
 */
export function textWidth(text: string): number {
  if (narrow.test(text)) return text.length;
  measure ??= (createRequire(import.meta.url)('string-width') as { default: typeof textWidth })
    .default;
  return measure(text);
}
