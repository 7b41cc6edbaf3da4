/**
 * Whether a text fits a pattern of the fleet file: `*` stands for any run of characters, also across slashes and dots;
 * all else for itself, in its own case. Takes time proportional to the two lengths multiplied, whatever they hold.
 */
export function fitsPattern(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return pattern === text;
  if (!text.startsWith(first) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.endsWith(last) && text.length - last.length >= at;
}
