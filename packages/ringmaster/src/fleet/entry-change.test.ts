import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedEntry, entryChanges, tellChange, undoPatch } from './entry-change.ts';

const entry = {
  command: 'node',
  args: ['a.js'],
  env: { TOKEN: 'abc', 'A.B': '1' },
  limits: { callTimeoutMs: 1_000 },
};

for (const { title, patch, changes, becomes } of [
  {
    title: 'a setting is replaced',
    patch: { command: 'python3' },
    changes: ['command: node → python3'],
    becomes: { ...entry, command: 'python3' },
  },
  {
    title: 'a list is replaced whole',
    patch: { args: ['b.js', '--x'] },
    changes: ['args: ["a.js"] → ["b.js","--x"]'],
    becomes: { ...entry, args: ['b.js', '--x'] },
  },
  {
    title: 'a section is merged name by name, and null takes out',
    patch: { env: { TOKEN: null, KEY: '${KEY}' } },
    changes: ['env.TOKEN: (not shown) → nothing', 'env.KEY: nothing → ${KEY}'],
    becomes: { ...entry, env: { 'A.B': '1', KEY: '${KEY}' } },
  },
  {
    title: 'a section that was not there comes without what is null in it',
    patch: { resources: { memoryBytes: 5, cpuPercent: null } },
    changes: ['resources: nothing → {"memoryBytes":5}'],
    becomes: { ...entry, resources: { memoryBytes: 5 } },
  },
  {
    title: 'a name that holds a dot is one name',
    patch: { env: { 'A.B': '2' } },
    changes: ['env.A.B: (not shown) → (not shown)'],
    becomes: { ...entry, env: { TOKEN: 'abc', 'A.B': '2' } },
  },
  {
    title: 'what is so already changes nothing',
    patch: { command: 'node', cwd: null, limits: { callTimeoutMs: 1_000 } },
    changes: [],
    becomes: entry,
  },
]) {
  test(`an entry is changed: ${title}`, () => {
    const found = entryChanges(entry, patch);
    const told = found.map(tellChange);
    const lines = told.map(
      ({ setting, before = 'nothing', after = 'nothing' }) => `${setting}: ${before} → ${after}`,
    );
    assert.deepEqual(lines, changes);
    assert.deepEqual(changedEntry(entry, found), becomes);
  });
}

test('a value that is long is told shortened, and a secret never', () => {
  const long = tellChange({ path: ['description'], before: undefined, after: 'x'.repeat(300) });
  assert.equal(long.after?.length, 200);
  for (const section of ['env', 'headers', 'auth']) {
    const path = [section, 'X'];
    assert.doesNotMatch(JSON.stringify(tellChange({ path, before: 's3', after: 's4' })), /s3|s4/);
    const whole = tellChange({ path: [section], before: undefined, after: { X: 's5' } });
    assert.doesNotMatch(JSON.stringify(whole), /s5/);
  }
});

test('the patch that takes changes back gives the entry that was, whatever they were', () => {
  const entry = { command: 'x', pool: { min: 1 }, args: ['a'] };
  for (const patch of [
    { pool: { min: 2, max: 4 } },
    { pool: null, args: ['b'], stop: { graceMs: 5 } },
    { command: 'y', pool: { min: null } },
  ]) {
    const changes = entryChanges(entry, patch);
    const changed = changedEntry(entry, changes);
    const back = changedEntry(changed, entryChanges(changed, undoPatch(changes)));
    assert.deepEqual(back, entry);
  }
});
