import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQuestions } from './questions.ts';
import { actOnServer } from './server-acts.ts';
import { createToasts } from './toasts.ts';

const question = { title: 'Stop it?', lines: ['3 calls are in flight.'], act: 'Stop' };

test('a question is answered once, and one that is asked meanwhile ends the first with no', async () => {
  const questions = createQuestions();
  const first = questions.ask(question);
  const second = questions.ask({ ...question, title: 'Restart it?' });
  assert.equal(await first, false);
  assert.equal(questions.open()?.title, 'Restart it?');
  questions.answer(true);
  assert.equal(await second, true);
  assert.equal(questions.open(), undefined);
});

for (const [inFlight, act, isAsked] of [
  [0, 'server.stop', false],
  [3, 'server.stop', true],
  [3, 'server.restart', true],
  [3, 'server.start', false],
] as const) {
  test(`${act} with ${inFlight} calls in flight ${isAsked ? 'asks first' : 'is done at once'}`, async () => {
    const questions = createQuestions();
    const done: string[] = [];
    const say = Object.assign((key: string) => key, {
      many: (key: string, count: number) => `${key} ${count}`,
    });
    const overview = { servers: [{ server: 'a', inFlight }] };
    const client = { ask: async (name: string) => void done.push(name) };
    const needs = {
      client,
      say,
      questions,
      toasts: createToasts(),
      fleet: { state: () => ({ overview }) },
    };
    const acting = actOnServer(needs as never, act, 'a');
    assert.equal(questions.open() !== undefined, isAsked);
    if (isAsked) {
      assert.ok(questions.open()?.lines[0]?.endsWith(` ${inFlight}`));
      questions.answer(false);
    }
    await acting;
    assert.deepEqual(done, isAsked ? [] : [act]);
  });
}
