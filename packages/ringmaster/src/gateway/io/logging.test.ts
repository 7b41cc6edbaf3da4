import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import { askModern, type Message, openSession, send, until } from './testing/raw-client.ts';

afterEach(closeHarnesses);

const levelKey = 'io.modelcontextprotocol/logLevel';

interface Called {
  readonly levels: string[];
  /** What the tool answered: the level its server was asked for. */
  readonly asked: string;
}

function levelsIn(messages: readonly Message[]): string[] {
  return messages.flatMap(({ method, params }) =>
    method === 'notifications/message' ? [params.level] : [],
  );
}

async function oldCall(
  client: Awaited<ReturnType<typeof openSession>>,
  name: string,
  args: object,
): Promise<Called> {
  const heard: Message[] = [];
  const reply = await client.ask(
    'tools/call',
    { name, arguments: args },
    { onMessage: (message) => heard.push(message) },
  );
  return { levels: levelsIn(heard), asked: reply.result.content[0].text };
}

async function newCall(
  harness: Harness,
  name: string,
  args: object,
  level?: string,
): Promise<Called> {
  const meta = level === undefined ? {} : { [levelKey]: level };
  const { messages } = await askModern(
    harness.url,
    'tools/call',
    { name, arguments: args },
    { meta },
  );
  return { levels: levelsIn(messages), asked: messages.at(-1).result.content[0].text };
}

const all = { levels: 'debug info warning error' };

for (const era of ['old', 'new']) {
  const server = testServer('logger', ...(era === 'new' ? ['--modern'] : []));

  test(`an old client of an ${era} server hears what it set, from info on as long as it set nothing`, async () => {
    const harness = await startHarness({ servers: { it: server } });
    const client = await openSession(harness.url);
    assert.deepEqual((await oldCall(client, 'say', all)).levels, ['info', 'warning', 'error']);
    for (const [level, levels] of [
      ['debug', ['debug', 'info', 'warning', 'error']],
      ['error', ['error']],
      ['notice', ['warning', 'error']],
    ] as const) {
      assert.deepEqual((await client.ask('logging/setLevel', { level })).result, {});
      assert.deepEqual((await oldCall(client, 'say', all)).levels, levels);
    }
    assert.equal((await client.ask('logging/setLevel', { level: 'loud' })).error.code, -32602);
  });

  test(`a new client of an ${era} server hears what the request wants, and nothing without`, async () => {
    const harness = await startHarness({ servers: { it: server } });
    assert.deepEqual((await newCall(harness, 'say', all, 'warning')).levels, ['warning', 'error']);
    assert.deepEqual((await newCall(harness, 'say', all, 'debug')).levels, all.levels.split(' '));
    assert.deepEqual((await newCall(harness, 'say', all)).levels, []);
  });

  test(`clients of an ${era} server that want different levels each hear their own`, async () => {
    const harness = await startHarness({ servers: { it: server } });
    const [quiet, loud] = [await openSession(harness.url), await openSession(harness.url)];
    await quiet.ask('logging/setLevel', { level: 'error' });
    await loud.ask('logging/setLevel', { level: 'debug' });
    assert.deepEqual((await oldCall(quiet, 'say', all)).levels, ['error']);
    assert.deepEqual((await oldCall(loud, 'say', all)).levels, all.levels.split(' '));
  });
}

test('an old server is asked for the most verbose level anybody wants, and for less once nobody does', async () => {
  const harness = await startHarness({ servers: { it: testServer('logger') } });
  const [first, second] = [await openSession(harness.url), await openSession(harness.url)];
  const asked = async () => (await oldCall(first, 'say', { levels: 'error' })).asked;
  assert.equal(await asked(), 'unset');
  await first.ask('logging/setLevel', { level: 'error' });
  // Others said nothing, and may be used to more.
  assert.equal(await asked(), 'info');
  await second.ask('logging/setLevel', { level: 'debug' });
  assert.equal(await asked(), 'debug');
  await send(harness.url, { method: 'DELETE', headers: second.headers });
  const sinceMs = performance.now();
  let now = '';
  while (now !== 'info' && performance.now() - sinceMs < 60_000) now = await asked();
  assert.equal(now, 'info');
});

test('a server that starts anew is asked for the same level again', async () => {
  const harness = await startHarness({ servers: { it: testServer('logger') } });
  const client = await openSession(harness.url);
  await client.ask('logging/setLevel', { level: 'debug' });
  harness.processes.get('it')?.kill('SIGKILL');
  await harness.processes.get('it')?.ended;
  await harness.start('it');
  assert.equal((await oldCall(client, 'say', all)).asked, 'debug');
});

test('what an old server logs while two clients wait for it goes to neither', async () => {
  const harness = await startHarness({ servers: { it: testServer('logger') } });
  const clients = [await openSession(harness.url), await openSession(harness.url)];
  const called = await Promise.all(
    clients.map((client, at) =>
      oldCall(client, 'wait_and_say', { ms: 1_500 + at, levels: 'error', text: `secret ${at}` }),
    ),
  );
  // The second is alone once the first has its answer.
  assert.deepEqual(called[0]?.levels, []);
  const noted = (harness.processes.get('it')?.notes ?? []).filter((text) =>
    text.includes('secret'),
  );
  assert.ok(noted.includes('ERROR logger: {"text":"secret 0"}'), noted.join());
});

test('what it logs outside of any call goes to nobody, but into the log of the server', async () => {
  const harness = await startHarness({ servers: { it: testServer('logger') } });
  const client = await openSession(harness.url);
  const heard: Message[] = [];
  send(harness.url, {
    method: 'GET',
    headers: client.headers,
    onMessage: (message) => heard.push(message),
  }).catch(() => {});
  await oldCall(client, 'afterwards', { levels: 'alert' });
  await until(
    'it is noted',
    () => harness.processes.get('it')?.notes.includes('ALERT logger: {"text":"alert"}') === true,
  );
  assert.deepEqual(levelsIn(heard), []);
});
