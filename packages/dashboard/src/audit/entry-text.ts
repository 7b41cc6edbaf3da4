import type { OutputOf } from 'ringmaster/operations';

type Entry = OutputOf<'approval.list'>['waiting'][number]['now'];

/**
 * What a server runs, a line for each thing, so that two of them can be compared. Of a variable whose value changed
 * `value` stands for the value, of all others `same`: the daemon does not tell values.
 */
export function entryText(
  entry: Entry,
  how: { readonly changed: readonly string[]; readonly value: string; readonly same: string },
): string {
  const { command, args, cwd, envFile, environment, check, account } = entry;
  const lines = [`command: ${shown(command)}`, ...args.map((one) => `  ${shown(one)}`)];
  if (cwd !== undefined) lines.push(`cwd: ${shown(cwd)}`);
  if (account !== undefined) lines.push(`user: ${shown(account)}`);
  if (envFile !== undefined) lines.push(`envFile: ${shown(envFile)}`);
  if (check !== undefined) lines.push(`health.exec: ${check.map(shown).join(' ')}`);
  for (const name of environment) {
    lines.push(`env.${name}: ${how.changed.includes(`env.${name}`) ? how.value : how.same}`);
  }
  return lines.join('\n');
}

/** Characters that a reader would not see, or that turn the direction of what follows, stand as their number. */
function shown(text: string): string {
  return JSON.stringify(text).replace(
    /[\p{Cf}\p{Zl}\p{Zp}\u{a0}]/gu,
    (one) => `[U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}
