import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { fleetTemplate } from '../template.ts';
import { mergeIntoFleet } from './write-fleet.ts';

const added = [
  {
    name: 'new',
    entry: { command: 'x', args: ['-y', '1.10'], env: { A: 'true' } },
    comment: 'from somewhere',
  },
];
const block = (indent: string) =>
  ['# from somewhere', 'new:', '  command: x', '  args: [-y, "1.10"]', '  env:', '    A: "true"']
    .map((line) => `${indent}${line}\n`)
    .join('');

const rows: { text: string; becomes: string }[] = [
  {
    text: 'servers:\n  a: { command: b } # c\n',
    becomes: `servers:\n  a: { command: b } # c\n${block('  ')}`,
  },
  {
    text: 'servers:\n    a:\n        args:\n        - x\n\n# about profiles\nprofiles: {}\n',
    becomes: `servers:\n    a:\n        args:\n        - x\n${block('    ')}\n# about profiles\nprofiles: {}\n`,
  },
  { text: 'fleet: x', becomes: `fleet: x\n\nservers:\n${block('  ')}` },
  { text: 'servers: # none\nfleet: x\n', becomes: `servers: # none\n${block('  ')}fleet: x\n` },
  {
    text: 'servers:\n  a:\n    description: |\n      text\nfleet: x\n',
    becomes: `servers:\n  a:\n    description: |\n      text\n${block('  ')}fleet: x\n`,
  },
  {
    text: 'servers:\n  a: { command: b }',
    becomes: `servers:\n  a: { command: b }\n${block('  ')}`,
  },
];
for (const { text, becomes } of rows) {
  test(`${JSON.stringify(text)} keeps every character and gets one server more`, () => {
    assert.equal(mergeIntoFleet(text, added).text, becomes);
  });
}

test('files that are not written in lines are written anew with the same content', () => {
  for (const text of [
    'servers: {}\n',
    '{ servers: { a: { command: b } } } # c\n',
    '{}',
    fleetTemplate('x'),
  ]) {
    const before: unknown = parse(text);
    const after = parse(mergeIntoFleet(text, added).text);
    assert.deepEqual(after.servers.new, { command: 'x', args: ['-y', '1.10'], env: { A: 'true' } });
    delete after.servers.new;
    const old = (before as { servers?: object }).servers ?? {};
    assert.deepEqual(after, { ...(before as object), servers: old });
  }
});
