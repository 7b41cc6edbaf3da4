import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Problem } from '../../errors.ts';
import { answerProblem } from './answers.ts';

/** What a daemon answers in which `error` is thrown, in the language asked for. */
async function answered(context: TestContext, error: unknown, language: string) {
  const server = createServer((_, response) => answerProblem(response, error, () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const headers = { 'accept-language': language };
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, language: response.headers.get('content-language'), body };
}

test('who asks for Japanese is told in Japanese what went wrong and what to do', async (context) => {
  const problem = new Problem('server_down', 'Server "files" has no open conversation', {
    cause: new Error('spawn gone'),
    details: { pid: 4 },
  });
  const { status, language, body } = await answered(context, problem, 'ja-JP,ja;q=0.9,en;q=0.8');
  assert.deepEqual({ status, language }, { status: 503, language: 'ja' });
  assert.equal(body['detail'], 'サーバー "files" と通信していません: spawn gone');
  assert.match(String(body['hint']), /理由は ringmaster status NAME/);
  assert.deepEqual(body['details'], { pid: 4 });
});

test('of a bug a Japanese reader learns the id, and nothing of what was thrown', async (context) => {
  const { body } = await answered(context, new TypeError('secret is undefined'), 'ja');
  assert.match(String(body['detail']), /^デーモンの内部で失敗しました。.* [0-9a-f-]{36} /);
});

test('who asks for another language is told in English', async (context) => {
  const problem = new Problem('server_not_found', 'No server is named "x"');
  const { language, body } = await answered(context, problem, 'de, fr;q=0.5');
  assert.equal(language, null);
  assert.equal(body['detail'], 'No server is named "x"');
});
