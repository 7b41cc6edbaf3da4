import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  beyondShared,
  capabilitiesWith,
  differenceOf,
  everyExtra,
  extrasFor,
  forEverybody,
  neededFor,
} from './extra-tools.ts';
import type { JsonObject } from './messages.ts';

const tools = (...names: readonly string[]) => names.map((name): JsonObject => ({ name }));
const namesIn = (list: readonly JsonObject[]) => list.map(({ name }) => name);

const declarations: readonly [JsonObject, boolean, string][] = [
  [{}, false, ''],
  [{ elicitation: {}, sampling: {} }, false, ''],
  [{ roots: { listChanged: true } }, false, 'roots'],
  [{ roots: {} }, true, ''],
  [
    { sampling: { tools: {} }, roots: {}, elicitation: { url: {} } },
    false,
    'roots elicitation.url sampling.tools',
  ],
  [{ roots: true, elicitation: { url: 1 } }, false, ''],
];
for (const [declared, hasRoots, beyond] of declarations)
  test(`beyond what all share, ${JSON.stringify(declared)}${hasRoots ? ' with folders of the file' : ''} declares "${beyond}"`, () => {
    assert.equal(beyondShared(declared, hasRoots), beyond);
  });

test('who looks declares what all share and what the client declares beyond it', () => {
  assert.deepEqual(capabilitiesWith('roots elicitation.url'), {
    elicitation: { form: {}, url: {} },
    sampling: {},
    roots: {},
  });
});

const extras = new Map([
  ['roots', tools('folders')],
  ['roots elicitation.url', tools('folders', 'open')],
]);

test('a client is offered what any part of its capabilities brings', () => {
  assert.deepEqual([...extrasFor(extras, '')], []);
  assert.deepEqual([...extrasFor(extras, 'roots')], ['folders']);
  assert.deepEqual(
    [...extrasFor(extras, 'roots elicitation.url sampling.tools')],
    ['folders', 'open'],
  );
  assert.deepEqual(namesIn(everyExtra(extras)), ['folders', 'open']);
});

test('who may not use a tool is told the least it would have to declare', () => {
  assert.deepEqual(neededFor(extras, 'folders', ''), ['roots']);
  assert.deepEqual(neededFor(extras, 'open', 'roots'), ['elicitation.url']);
  assert.deepEqual(neededFor(extras, 'open', ''), ['roots', 'elicitation.url']);
});

test('of the tools of one client everybody hears what changed, not what is its own', () => {
  const known = tools('echo', 'asks');
  const difference = differenceOf(known, tools('echo', 'folders'));
  assert.deepEqual(namesIn(forEverybody(known, tools('echo', 'folders', 'new'), difference)), [
    'echo',
    'asks',
    'new',
  ]);
  assert.deepEqual(namesIn(forEverybody(known, tools('folders'), difference)), ['asks']);
});
