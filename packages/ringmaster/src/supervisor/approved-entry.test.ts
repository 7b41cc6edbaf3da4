import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedFields, type RunnableEntry } from './approved-entry.ts';

const before: RunnableEntry = { command: 'node', args: ['a.js'], environment: { TOKEN: 'd1' } };
const rows = [
  { what: 'nothing', now: before, changed: [] },
  { what: 'an argument', now: { ...before, args: ['b.js'] }, changed: ['args'] },
  { what: 'a value', now: { ...before, environment: { TOKEN: 'd2' } }, changed: ['env.TOKEN'] },
  { what: 'a variable more', now: withEnv({ TOKEN: 'd1', DEBUG: 'd' }), changed: ['env.DEBUG'] },
  { what: 'a variable less', now: withEnv({}), changed: ['env.TOKEN'] },
  { what: 'the folder', now: { ...before, cwd: '/srv' }, changed: ['cwd'] },
  { what: 'who it runs as', now: { ...before, account: 'www' }, changed: ['account'] },
];
for (const { what, now, changed } of rows) {
  test(`a change of ${what} is named ${changed.join(', ') || 'no change'}`, () => {
    assert.deepEqual(changedFields({ now, before }), changed);
  });
}

test('of what was never seen nothing is called changed', () => {
  assert.deepEqual(changedFields({ now: before, before: undefined }), []);
});

function withEnv(environment: Readonly<Record<string, string>>): RunnableEntry {
  return { ...before, environment };
}
