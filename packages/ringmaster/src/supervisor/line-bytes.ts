/** For each byte, 1 if words of a log are made of it: ASCII letters and `_`. */
export const isLetter = new Uint8Array(256);
for (let code = 0; code < 26; code += 1) {
  isLetter[65 + code] = 1;
  isLetter[97 + code] = 1;
}
isLetter[95] = 1;

/** Whether the bytes from `from` to before `to` begin with this ASCII text. */
export function startsWith(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  if (to - from < text.length) return false;
  for (let at = 0; at < text.length; at += 1)
    if (bytes[from + at] !== text.charCodeAt(at)) return false;
  return true;
}
