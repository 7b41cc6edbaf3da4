import { type Invocation, textOption, wholeNumber } from './invocation.ts';

/** Roll-ups are kept for 400 days. */
const hoursMax = 400 * 24;

/** `--hours` as the range of an operation; empty when it was not given. */
export function hoursOption(invocation: Invocation): { readonly rangeMs?: string } {
  const text = textOption(invocation, 'hours');
  if (text === undefined) return {};
  const given = { flag: '--hours', text };
  return { rangeMs: `${wholeNumber(given, { min: 1, max: hoursMax }, invocation.terminal)}h` };
}
