import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countDeaths, decideRestart, type RestartPolicy } from './restart.ts';

const policy: RestartPolicy = {
  policy: 'always',
  baseDelayMs: 100,
  maxDelayMs: 30_000,
  stableMs: 10_000,
  failAfter: 100,
};
const crash = { kind: 'exited', code: 1 } as const;

for (const row of [
  { deaths: 1, delayMs: 0 },
  { deaths: 2, delayMs: 100 },
  { deaths: 3, delayMs: 200 },
  { deaths: 4, delayMs: 400 },
  { deaths: 10, delayMs: 25_600 },
  { deaths: 11, delayMs: 30_000 },
  { deaths: 99, delayMs: 30_000 },
]) {
  test(`${row.deaths} deaths in a row: started again after ${row.delayMs} ms`, () => {
    const facts = {
      exit: crash,
      wanted: 'running',
      wasTrouble: false,
      deathsInARow: row.deaths,
      chance: 0,
    } as const;
    const decision = decideRestart(policy, facts);
    assert.equal(decision.kind, 'retry');
    assert.equal(decision.kind === 'retry' && decision.delayMs, row.delayMs);
  });
}

for (const row of [
  { policy: 'always', exit: crash, kind: 'retry' },
  { policy: 'always', exit: { kind: 'exited', code: 0 }, kind: 'retry' },
  { policy: 'on-failure', exit: { kind: 'exited', code: 0 }, kind: 'rest' },
  { policy: 'on-failure', exit: crash, kind: 'retry' },
  { policy: 'on-failure', exit: { kind: 'signalled', signal: 'SIGKILL' }, kind: 'retry' },
  { policy: 'never', exit: crash, kind: 'rest' },
] as const) {
  test(`policy ${row.policy}, ${JSON.stringify(row.exit)}: ${row.kind}`, () => {
    const facts = {
      exit: row.exit,
      wanted: 'running',
      wasTrouble: false,
      deathsInARow: 1,
      chance: 0,
    } as const;
    assert.equal(decideRestart({ ...policy, policy: row.policy }, facts).kind, row.kind);
  });
}

for (const row of [
  { deaths: 1, why: 'tried again at once' },
  { deaths: 2, why: 'tried again in 100 ms' },
  { deaths: 100, why: 'tried again slowly from now on' },
]) {
  test(`what never ran is said to be ${row.why}, and not to have died`, () => {
    const decision = decideRestart(policy, {
      exit: { kind: 'spawnFailed', message: 'found no program "nod"' },
      wanted: 'running',
      wasTrouble: false,
      deathsInARow: row.deaths,
      chance: 0,
    });
    assert.equal(decision.why, row.why);
  });
}

test('a server that we ended for what it did is started again although it ended with 0', () => {
  const facts = {
    exit: { kind: 'exited', code: 0 },
    wanted: 'running',
    wasTrouble: true,
    deathsInARow: 1,
    chance: 0,
  } as const;
  assert.equal(decideRestart({ ...policy, policy: 'on-failure' }, facts).kind, 'retry');
});

test('what a person stopped is never started again by itself', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.constantFrom('always', 'on-failure', 'never'), (deaths, kind) => {
      const facts = {
        exit: crash,
        wanted: 'stopped',
        wasTrouble: false,
        deathsInARow: deaths + 1,
        chance: 0,
      } as const;
      return decideRestart({ ...policy, policy: kind }, facts).kind === 'rest';
    }),
  );
});

test('a server that dies at once for ever is started at most 12 times in the first minute, and never given up', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (chance) => {
      let starts = 1;
      let deaths = 0;
      for (let atMs = 0; ; starts += 1) {
        deaths = countDeaths(deaths, { readyForMs: 0, stableMs: 10_000 });
        const facts = {
          exit: crash,
          wanted: 'running',
          wasTrouble: false,
          deathsInARow: deaths,
          chance,
        } as const;
        const decision = decideRestart({ ...policy, failAfter: 5 }, facts);
        assert.notEqual(decision.kind, 'rest');
        atMs += decision.kind === 'rest' ? 0 : decision.delayMs;
        if (atMs > 60_000) break;
      }
      assert.ok(starts <= 12, `${starts} starts`);
    }),
  );
});

for (const row of [
  { before: 0, readyForMs: 0, after: 1 },
  { before: 4, readyForMs: 9_999, after: 5 },
  { before: 4, readyForMs: 10_000, after: 1 },
]) {
  test(`${row.before} deaths, then ready for ${row.readyForMs} ms: death ${row.after} in a row`, () => {
    const life = { readyForMs: row.readyForMs, stableMs: 10_000 };
    assert.equal(countDeaths(row.before, life), row.after);
  });
}
