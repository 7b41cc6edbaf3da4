import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../../errors.ts';
import { withPatch } from './edit-fleet.ts';

const text = `# what the team runs
fleet: team
x-shared: &shared
  restart: {failAfter: 3}
servers:
  # read-only
  files:
    command: node
    args: [old.js, --root, ./data]
    env:
      TOKEN: \${TOKEN} # from the vault
  search:
    <<: *shared
    command: node
  again: *shared
`;

test('only what is changed is written anew; comments and order stay', () => {
  const patch = { args: ['new.js'], env: { LEVEL: 'debug' }, resources: { memoryBytes: 5e8 } };
  const changed = withPatch(text, 'ringmaster.yaml', { server: 'files', patch });
  assert.equal(
    changed.text,
    text
      .replace('[old.js, --root, ./data]', '[new.js]')
      .replace(
        '# from the vault\n',
        '# from the vault\n      LEVEL: debug\n    resources:\n      memoryBytes: 500000000\n',
      ),
  );
  assert.equal(changed.changes.length, 3);
});

test('a patch that changes nothing leaves the text as it is, to the letter', () => {
  const patch = { command: 'node', cwd: null };
  const same = withPatch(text, 'ringmaster.yaml', { server: 'files', patch });
  assert.deepEqual(same, { text, changes: [] });
});

for (const { title, server, patch } of [
  { title: 'taken out', server: 'search', patch: { restart: null } },
  { title: 'set below an alias', server: 'again', patch: { command: 'node' } },
])
  test(`what entries share is not ${title} for one of them`, () => {
    assert.throws(
      () => withPatch(text, 'ringmaster.yaml', { server, patch }),
      (error: unknown) =>
        error instanceof Problem &&
        error.code === 'not_supported' &&
        /written in its entry/.test(error.message),
    );
  });

test('a setting of a shared part may be overridden in the entry', () => {
  const patch = { restart: { failAfter: 9 } };
  const { text: next } = withPatch(text, 'ringmaster.yaml', { server: 'search', patch });
  assert.match(
    next,
    /search:\n {4}<<: \*shared\n {4}command: node\n {4}restart:\n {6}failAfter: 9/,
  );
});
