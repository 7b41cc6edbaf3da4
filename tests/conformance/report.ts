import type { Verdict } from './suite.ts';

/** The names of the scored scenarios that failed, and everything a reader needs to see why, unscored ones as well. */
export function report(verdicts: readonly Verdict[]): {
  readonly failed: readonly string[];
  readonly passed: readonly string[];
  readonly text: string;
} {
  const has = (one: Verdict) => one.failures.length > 0;
  const scored = verdicts.filter((one) => one.isScored);
  const beside = verdicts.filter((one) => !one.isScored);
  const count = (all: readonly Verdict[]) =>
    `${all.filter((one) => !has(one)).length}/${all.length}`;
  const lines = verdicts.flatMap(({ scenario, isScored, failures, warnings }) => [
    ...failures.map((why) => `  ${isScored ? '✗' : '-'} ${scenario}: ${why}`),
    ...warnings.map((why) => `  ! ${scenario}: ${why}`),
  ]);
  return {
    failed: scored.filter(has).map(({ scenario }) => scenario),
    passed: verdicts.filter((one) => !has(one)).map(({ scenario }) => scenario),
    text: [`${count(scored)} scored, ${count(beside)} unscored`, ...lines].join('\n'),
  };
}
