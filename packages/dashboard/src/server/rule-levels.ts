import type { OutputOf } from 'ringmaster/operations';

/** What is watched, with its thresholds. */
export type Rules = OutputOf<'alert.rules'>['rules'];

/** The thresholds of a rule for a server: its own, else those of all; none where the rule is off. */
export function levelsOf(
  rules: Rules,
  rule: Rules[number]['rule'],
  server: string,
): NonNullable<Rules[number]['levels']> {
  const about = rules.filter((one) => one.rule === rule && one.isOn);
  const found =
    about.find(({ subject }) => subject === server) ??
    about.find(({ subject }) => subject === undefined);
  return found?.levels ?? {};
}
