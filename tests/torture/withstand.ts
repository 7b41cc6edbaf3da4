import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chanceOf, type Torture } from './torture.ts';

/** One test for each torture, in its small size; `TORTURE_SEED` repeats a run. */
export function withstand(tortures: readonly Torture[]): void {
  for (const { name, impossible, run } of tortures)
    test(`the daemon withstands: ${name}`, { skip: impossible?.() ?? false }, async () => {
      const seed = Number(process.env['TORTURE_SEED'] ?? process.pid);
      const outcomes = await run('small', chanceOf(seed));
      const unmet = outcomes.filter(({ isMet }) => !isMet);
      assert.deepEqual(unmet, [], `with TORTURE_SEED=${seed}`);
    });
}
