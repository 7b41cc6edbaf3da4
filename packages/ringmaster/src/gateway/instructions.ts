/** Most characters of instructions passed on to a client; models pay for each. */
const instructionsMaxLength = 8_000;

/** Joins what servers say about themselves under headings; each gets a fair share when all together are too long. */
export function joinInstructions(
  parts: readonly { readonly server: string; readonly text: string }[],
  maxLength = instructionsMaxLength,
): string | undefined {
  const present = parts
    .map(({ server, text }) => ({ server, text: withoutControls(text).trim() }))
    .filter(({ text }) => text !== '');
  if (present.length === 0) return undefined;
  const headings = present.reduce((sum, { server }) => sum + server.length + 6, 0);
  let left = maxLength - headings;
  // Shortest first, so that what short ones leave over goes to the long ones.
  const shares = new Map<string, string>();
  [...present]
    .sort((a, b) => a.text.length - b.text.length)
    .forEach(({ server, text }, at) => {
      const share = Math.max(0, Math.floor(left / (present.length - at)));
      const kept = text.length <= share ? text : `${text.slice(0, Math.max(0, share - 1))}…`;
      shares.set(server, kept);
      left -= kept.length;
    });
  return present.map(({ server }) => `## ${server}\n${shares.get(server) ?? ''}`).join('\n\n');
}

/** What one server says about itself, at its own endpoint: its own words, as far as they may be passed on. */
export function cleanInstructions(text: string): string | undefined {
  const clean = withoutControls(text).trim();
  if (clean === '') return undefined;
  return clean.length <= instructionsMaxLength
    ? clean
    : `${clean.slice(0, instructionsMaxLength - 1)}…`;
}

/** Tabs and line ends stay; controls and invisible marks could hide text from people who review it. */
function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\t\r\n]|[^\P{Cf}\u200d]/gu, '');
}
