import { strayPrefix } from '../log-level.ts';
import { createLineRate } from '../log-rate.ts';

/** More lines a second than this are counted only: the main thread carries them, and calls must not feel it. */
const linesPerSecond = 200;
/** Longest line kept. */
const lineMaxLength = 4_096;

/**
 * Passes what a stdio server printed between its messages on to its log, as whole lines marked with `[stdout]`. A line
 * is a stray one when it cannot be a JSON-RPC message.
 */
export function createStrayCapture(
  note: (text: string) => void,
  nowMs: () => number,
): (line: string) => void {
  const rate = createLineRate(linesPerSecond);
  return (line) => {
    if (line.includes('"jsonrpc"') || line.trim() === '') return;
    const { passes, leftOut } = rate.take(nowMs());
    if (!passes) return;
    const before =
      leftOut === 0 ? '' : `[ringmaster] left out ${leftOut} lines of stdout: too many a second\n`;
    const shown = line.length <= lineMaxLength ? line : `${line.slice(0, lineMaxLength)}…`;
    note(`${before}${strayPrefix}${shown}\n`);
  };
}
