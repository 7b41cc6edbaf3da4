import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AskMethod,
  askForLegacy,
  askForModern,
  attribute,
  capabilityPaths,
  isAnswer,
  keyOf,
  missingCapability,
  questionsOf,
  requiredCapabilities,
  withNotes,
} from './asks.ts';
import type { JsonObject } from './messages.ts';
import { type Owner, offeredAtHandshake, operator, relayedCapabilities } from './owner.ts';

const session = (label: string): Owner => ({
  ...operator,
  key: `session ${label}`,
  session: label,
});
const stateless: Owner = { ...operator, key: 'principal local', era: 'modern' };
const callOf = (owner: Owner, name: string) => ({ name, caller: { owner } });

for (const row of [
  { title: 'no call', calls: [], is: 'outside' },
  { title: 'one session', calls: [callOf(session('a'), 'x')], is: 'x' },
  {
    title: 'two calls of one session: the newest',
    calls: [callOf(session('a'), 'new'), callOf(session('a'), 'old')],
    is: 'new',
  },
  {
    title: 'the newest that can answer',
    calls: [callOf(session('a'), 'mute'), callOf(session('a'), 'old')],
    is: 'old',
  },
  { title: 'two sessions', calls: [callOf(session('a'), 'x'), callOf(session('b'), 'y')], is: 2 },
  { title: 'one stateless call', calls: [callOf(stateless, 'x')], is: 'x' },
  {
    title: 'two stateless calls may be of two clients',
    calls: [callOf(stateless, 'x'), callOf(stateless, 'y')],
    is: 2,
  },
  {
    title: 'the operator counts',
    calls: [callOf(operator, 'x'), callOf(session('a'), 'y')],
    is: 2,
  },
  {
    title: "on one client's connection others do not count",
    calls: [callOf(session('b'), 'y'), callOf(session('a'), 'x')],
    leasedTo: session('a'),
    is: 'x',
  },
  { title: 'its client is idle', calls: [], leasedTo: session('a'), is: 'outside' },
]) {
  test(`whose question it is: ${row.title}`, () => {
    const found = attribute(row.calls, row.leasedTo, ({ name }) => name !== 'mute');
    const is =
      found.kind === 'call'
        ? found.call.name
        : found.kind === 'unclear'
          ? found.clients
          : found.kind;
    assert.equal(is, row.is);
  });
}

const form = { method: 'elicitation/create', params: {} } as const;
const address = { method: 'elicitation/create', params: { mode: 'url' } } as const;
const sampling = { method: 'sampling/createMessage', params: {} } as const;
const withTools = { method: 'sampling/createMessage', params: { tools: [] } } as const;
const roots = { method: 'roots/list', params: {} } as const;

for (const [declared, ask, missing] of [
  [{}, form, 'elicitation'],
  [{ elicitation: {} }, form, undefined],
  [{ elicitation: { form: {} } }, form, undefined],
  [{ elicitation: { url: {} } }, form, 'elicitation.form'],
  [{ elicitation: {} }, address, 'elicitation.url'],
  [{ elicitation: { url: {} } }, address, undefined],
  [{}, sampling, 'sampling'],
  [{ sampling: {} }, sampling, undefined],
  [{ sampling: {} }, withTools, 'sampling.tools'],
  [{ sampling: { tools: {} } }, withTools, undefined],
  [{ sampling: true }, roots, 'roots'],
  [{ roots: {} }, roots, undefined],
] as const) {
  const what = `${ask.method} ${JSON.stringify(ask.params)}`;
  test(`${JSON.stringify(declared)} lacks ${missing ?? 'nothing'} for ${what}`, () => {
    assert.equal(missingCapability(declared, ask), missing);
  });
}

test('capabilities as paths, and back', () => {
  const required = { elicitation: { url: {} }, sampling: {} };
  assert.deepEqual(capabilityPaths(required), ['elicitation.url', 'sampling']);
  assert.deepEqual(requiredCapabilities(['elicitation.url', 'sampling']), required);
  assert.deepEqual(capabilityPaths('nonsense'), []);
});

for (const [method, value, is] of [
  ['elicitation/create', { action: 'accept', content: {} }, true],
  ['elicitation/create', { action: 'cancel' }, true],
  ['elicitation/create', { action: 'perhaps' }, false],
  ['elicitation/create', 'accept', false],
  ['sampling/createMessage', { role: 'assistant', content: [] }, true],
  ['sampling/createMessage', { role: 'assistant' }, false],
  ['roots/list', { roots: [] }, true],
  ['roots/list', {}, false],
] satisfies [AskMethod, unknown, boolean][]) {
  test(`${JSON.stringify(value)} ${is ? 'answers' : 'does not answer'} ${method}`, () => {
    assert.equal(isAnswer(method, value), is);
  });
}

test('an elicitation has an id only where there is a handshake; what is ours stays here', () => {
  const _meta = { 'ringmaster/key': 'who', progressToken: 1, kept: true };
  const given = { mode: 'url', url: 'https://a', elicitationId: 'e', _meta };
  assert.equal(keyOf(given), 'who');
  assert.equal(keyOf({ _meta: { 'ringmaster/key': 'no spaces' } }), undefined);
  assert.deepEqual(askForModern(given), { mode: 'url', url: 'https://a', _meta: { kept: true } });
  assert.equal(askForLegacy(given, () => 'new')['elicitationId'], 'e');
  assert.equal(askForLegacy({ mode: 'url' }, () => 'new')['elicitationId'], 'new');
  assert.deepEqual(
    askForLegacy({ message: 'm' }, () => 'new'),
    { message: 'm' },
  );
});

for (const [result, says] of [
  [{}, /asked nothing/],
  [{ inputRequests: [] }, /no object/],
  [{ inputRequests: { a: { method: 'tools/list' } } }, /asked for "tools\/list"/],
  [{ inputRequests: { a: null } }, /asked for null/],
  [
    { inputRequests: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [index, roots])) },
    /33 questions at once/,
  ],
] satisfies [JsonObject, RegExp][]) {
  test(`a result that asks wrongly: ${says.source}`, () => {
    assert.match(String(questionsOf(result)), says);
  });
}

test('a state alone is a question too: the call is to be made again', () => {
  assert.deepEqual(questionsOf({ requestState: 's' }), []);
});

test('what a client can do is told to servers as far as it is relayed', () => {
  const declared = {
    sampling: { tools: {} },
    experimental: { x: 1 },
    roots: { listChanged: true },
  };
  const relayed = { sampling: { tools: {} }, roots: { listChanged: true } };
  assert.deepEqual(relayedCapabilities(declared), relayed);
  const owner = { ...session('a'), capabilities: declared };
  const offered = { owner: undefined, mode: 'shared', hasRoots: false };
  assert.deepEqual(offeredAtHandshake(offered), {});
  assert.deepEqual(offeredAtHandshake({ ...offered, hasRoots: true }), { roots: {} });
  assert.deepEqual(offeredAtHandshake({ ...offered, mode: 'auto' }), {
    ...{ elicitation: { form: {} }, sampling: {} },
  });
  assert.deepEqual(offeredAtHandshake({ ...offered, owner }), relayed);
});

test('a note about a late answer is the last thing a tool says; other results carry it in _meta', () => {
  const content = [{ type: 'text', text: 'done' }];
  const tool = withNotes({ kind: 'result', result: { content } }, 'tools/call', ['late']);
  assert.ok(tool.kind === 'result');
  assert.deepEqual(tool.result['content'], [...content, { type: 'text', text: 'late' }]);
  const prompt = withNotes({ kind: 'result', result: { messages: [] } }, 'prompts/get', ['late']);
  assert.ok(prompt.kind === 'result');
  assert.deepEqual(prompt.result, { messages: [], _meta: { 'ringmaster/note': 'late' } });
});
