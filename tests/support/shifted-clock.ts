/**
 * Loaded into a daemon (`--import`), it shifts the time of day by the milliseconds that stand in the file named by
 * `SHIFTED_CLOCK`, read anew each time: as if somebody set the machine's clock. Timers and `performance.now` stay true.
 */
import { readFileSync } from 'node:fs';

const file = process.env['SHIFTED_CLOCK'];
const TrueDate = Date;

function shiftMs(): number {
  try {
    return Number(readFileSync(file ?? '', 'utf8'));
  } catch {
    // Not written yet: the clock is right.
    return 0;
  }
}

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, given: unknown[]) =>
    given.length === 0
      ? new target(target.now() + shiftMs())
      : Reflect.construct(target, given, target),
  get: (target, key) =>
    key === 'now' ? () => target.now() + shiftMs() : Reflect.get(target, key, target),
});
