import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, test } from 'node:test';
import { Problem } from '../../errors.ts';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import { openSession, until } from './testing/raw-client.ts';

const children = new Set<ChildProcess>();

afterEach(async () => {
  await closeHarnesses();
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

/** Starts an HTTP test server; resolves when it says that it listens. */
async function startHttp(
  name: string,
  ...args: string[]
): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(process.execPath, testServer(name, ...args).args ?? [], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.add(child);
  const said = await new Promise<Buffer>((resolve) => child.stderr?.once('data', resolve));
  const port = /"port":(\d+)/.exec(String(said))?.[1];
  return { url: `http://127.0.0.1:${port}/mcp`, process: child };
}

for (const row of [
  { server: 'http-echo', args: [], era: 'legacy' },
  { server: 'http-echo', args: ['--sse'], era: 'legacy' },
  { server: 'http-echo', args: ['--no-session'], era: 'legacy' },
  { server: 'http-modern', args: [], era: 'modern' },
  { server: 'http-modern', args: ['--sse'], era: 'modern' },
  { server: 'http-modern', args: ['--both'], era: 'modern' },
]) {
  test(`${row.server} ${row.args.join(' ')}: found to be ${row.era}, and calls get through`, async () => {
    const { url, process: child } = await startHttp(row.server, ...row.args);
    const harness = await startHarness({ servers: { it: { url } } });
    assert.equal(harness.gateway.upstream('it', 0)?.era, row.era);
    const client = await openSession(harness.url);
    const texts = ['hé', '日本', 'x'.repeat(100_000)];
    assert.deepEqual(await Promise.all(texts.map((text) => client.call('echo', { text }))), texts);
    await harness.gateway.conversations.probe('it', 0, 30_000);
    await harness.close();
    child.kill();
  });
}

for (const row of [
  { server: 'http-modern', args: [], what: 'a slow server of the new era' },
  { server: 'http-echo', args: ['--both'], what: 'a slow server of both eras' },
]) {
  test(`${row.what} is served in the new one, though it was asked the old way first`, async () => {
    const { server, args } = row;
    const { url, process: child } = await startHttp(
      server,
      ...args,
      ...discoverAfter('initialize'),
    );
    const harness = await startHarness({ servers: { it: { url } } });
    assert.equal(harness.gateway.upstream('it', 0)?.era, 'modern');
    assert.equal(eraOf(harness), 'modern');
    const client = await openSession(harness.url);
    assert.equal(await client.call('echo', { text: 'slow' }), 'slow');
    await harness.close();
    child.kill();
  });
}

test('a session that was begun beside the new era is taken leave of', async () => {
  const args = ['--both', ...discoverAfter('initialize')];
  const { url, process: child } = await startHttp('http-echo', ...args);
  const harness = await startHarness({ servers: { it: { url } } });
  const client = await openSession(harness.url);
  const counted = async () => JSON.parse(await client.call('sessions', {}));
  const giveUpAtMs = performance.now() + 60_000;
  while ((await counted()).open > 0 && performance.now() < giveUpAtMs);
  assert.deepEqual(await counted(), { opened: 1, open: 0 });
  await harness.close();
  child.kill();
});

test('a server that leaves the question for its era open is served as an old one, and not known as such', async () => {
  const { url, process: child } = await startHttp('http-echo', ...discoverAfter('nothing'));
  const harness = await startHarness({ servers: { it: { url } } });
  assert.equal(harness.gateway.upstream('it', 0)?.era, 'legacy');
  assert.equal(eraOf(harness), undefined);
  await harness.close();
  assert.equal(eraOf(harness), undefined);
  child.kill();
});

test('what a server says of its era while it is served in the old one is remembered', async () => {
  const args = ['--both', ...discoverAfter('tools/call')];
  const { url, process: child } = await startHttp('http-echo', ...args);
  const harness = await startHarness({ servers: { it: { url } } });
  assert.equal(harness.gateway.upstream('it', 0)?.era, 'legacy');
  const client = await openSession(harness.url);
  assert.equal(await client.call('echo', { text: 'once' }), 'once');
  await until('its answer is remembered', () => eraOf(harness) === 'modern');
  await harness.close();
  child.kill();
});

function discoverAfter(method: string): string[] {
  return ['--discover-after', method];
}

function eraOf({ facts }: Harness): unknown {
  return (facts.get('era hash of it') as { era: string } | undefined)?.era;
}

test('a session the server forgot is opened again, and the call repeated, unseen', async () => {
  const { url, process: child } = await startHttp('http-echo', '--forget', '2');
  const harness = await startHarness({ servers: { it: { url } } });
  const client = await openSession(harness.url);
  for (const text of ['1', '2', '3', '4', '5']) {
    assert.equal(await client.call('echo', { text }), text);
  }
  await harness.close();
  child.kill();
});

for (const status of ['404', '400']) {
  test(`a server that answers ${status} because it forgot the session gets a new one, and the call`, async () => {
    const { url, process: child } = await startHttp('http-odd', '--forget-with', status);
    const harness = await startHarness({ servers: { it: { url } } });
    const client = await openSession(harness.url);
    assert.equal(await client.call('forget'), said);
    assert.equal(await client.call('echo', { text: 'back' }), 'back');
    await harness.close();
    child.kill();
  });
}

const said = 'ànswered 𝄞';

test('answers that are right but look otherwise than most are understood', async () => {
  const { url, process: child } = await startHttp('http-odd');
  const harness = await startHarness({ servers: { it: { url } } });
  const client = await openSession(harness.url);
  const looks = ['mark', 'mark_stream', 'letters', 'returns', 'cut_returns', 'bytes', 'text_id'];
  for (const look of looks) assert.equal(await client.call(look), said, look);
  await harness.close();
  child.kill();
});

test('a server that sends a request on to another path of its own is followed, and nowhere else', async () => {
  const { url, process: child } = await startHttp('http-odd');
  const harness = await startHarness({ servers: { it: { url } } });
  const client = await openSession(harness.url);
  for (const status of ['moved', 'gone']) assert.equal(await client.call(status), said, status);
  const refused = await client.ask('tools/call', { name: 'elsewhere', arguments: {} });
  assert.match(refused.error.message, /HTTP 307.*http:\/\/127\.0\.0\.1:1\/mcp/);
  assert.equal(refused.error.data.mayHaveExecuted, false);
  assert.match(await client.call('circle'), /HTTP 307/);
  await harness.close();
  child.kill();
});

test('what a server says while its own stream is away is found out when it is back', async () => {
  const { url, process: child } = await startHttp('http-odd');
  const harness = await startHarness({ servers: { it: { url } } });
  const client = await openSession(harness.url);
  await until('the stream is open', async () => (await client.call('asked')) === '1');
  assert.equal(await client.call('apart'), said);
  assert.equal(await client.call('grow'), 'grown');
  await until('the new tool is listed', async () => {
    const { result } = await client.ask('tools/list');
    return result.tools.some(({ name }: { name: string }) => name === 'grown');
  });
  assert.ok(Number(await client.call('asked')) >= 3, 'refused once, and asked for again');
  await harness.close();
  child.kill();
});

test('a web page where the stream of a server would be is looked at once', async () => {
  const { url, process: child } = await startHttp('http-odd', '--page');
  const harness = await startHarness({ servers: { it: { url } } });
  const client = await openSession(harness.url);
  await until('it was asked for', async () => (await client.call('asked')) === '1');
  // Time enough to ask again, and again.
  await client.call('slow', { ms: 3_000 });
  assert.equal(await client.call('asked'), '1');
  await harness.close();
  child.kill();
});

test('calls that come while a session is renewed wait for the new one', async () => {
  const { url, process: child } = await startHttp('http-echo', '--forget', '3');
  const harness = await startHarness({ servers: { it: { url } } });
  const client = await openSession(harness.url);
  for (let round = 0; round < 5; round += 1) {
    const texts = ['a', 'b'].map((text) => `${text}${round}`);
    const said = await Promise.all(texts.map((text) => client.call('echo', { text })));
    assert.deepEqual(said, texts);
  }
  await harness.close();
  child.kill();
});

test('changes at an HTTP server are heard on its stream', async () => {
  const { url, process: child } = await startHttp('http-echo');
  const harness = await startHarness({ servers: { it: { url } } });
  const client = await openSession(harness.url);
  assert.match(await client.call('notify_all'), /./);
  assert.equal(await client.call('echo', { text: 'fine' }), 'fine');
  await harness.close();
  child.kill();
});

test('a session is taken leave of when the conversation ends', async () => {
  const { url, process: child } = await startHttp('http-echo');
  const harness = await startHarness({ servers: { it: { url } } });
  const other = await startHarness({ servers: { it: { url } } });
  const open = async () => {
    const { result } = await other.gateway.callTool({
      server: 'it',
      tool: 'sessions',
      arguments: {},
    });
    const [content] = result['content'] as { text: string }[];
    return JSON.parse(content?.text ?? '').open as number;
  };
  assert.equal(await open(), 2);
  harness.gateway.conversations.close({
    server: 'it',
    index: 0,
    generation: 1,
    reason: 'stopped',
    expected: 'gone',
    unread: [],
  });
  const giveUpAtMs = performance.now() + 60_000;
  let count = 2;
  while (count > 1 && performance.now() < giveUpAtMs) count = await open();
  assert.equal(count, 1);
  await harness.close();
  await other.close();
  child.kill();
});

test('a server that fails on the question for its era is served in the old one, and not known as such', async () => {
  const { url, process: child } = await startHttp('http-odd', '--fails');
  const harness = await startHarness({ servers: { it: { url } } });
  const client = await openSession(harness.url);
  assert.equal(await client.call('echo', { text: 'fine' }), 'fine');
  assert.equal(eraOf(harness), undefined);
  await harness.close();
  child.kill();
});

test('a server that is not there is an outage, not an old server', async () => {
  // Nobody serves this port, and only root could.
  const url = 'http://127.0.0.1:1/mcp';
  const harness = await startHarness({ servers: { it: { url } }, startServers: 'later' });
  await assert.rejects(harness.start('it'), (error) => {
    assert.ok(error instanceof Problem);
    assert.match(error.message, /ECONNREFUSED/);
    return true;
  });
  assert.equal(harness.facts.get('era hash of it'), undefined);
  await harness.close();
});

test('a server that dies in mid-call: the caller hears it may have executed', async () => {
  const { url, process: child } = await startHttp('http-echo');
  const harness = await startHarness({ servers: { it: { url } } });
  const client = await openSession(harness.url);
  const calling = client.ask('tools/call', { name: 'slow', arguments: { ms: 60_000 } });
  await until('in flight', () => harness.gateway.conversations.inFlight('it', 0) === 1);
  child.kill('SIGKILL');
  const { error } = await calling;
  assert.equal(error.code, -32603);
  assert.deepEqual(error.data, { server: 'it', mayHaveExecuted: true });
  assert.match(error.message, /Server "it".*may have executed/);
  await harness.close();
});

test('a call made as soon as an HTTP child is seen to be dying goes to its successor', async () => {
  const servers = { it: { url: 'http://127.0.0.1:1/mcp' } };
  const harness = await startHarness({ servers, startServers: 'later' });
  const client = await openSession(harness.url);
  let { url, process: child } = await startHttp('http-echo');
  await harness.start('it', { url, kind: 'http' });
  for (let generation = 1; generation <= 3; generation += 1) {
    const calling = client.ask('tools/call', { name: 'slow', arguments: { ms: 60_000 } });
    await until('in flight', () => harness.gateway.conversations.inFlight('it', 0) === 1);
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    assert.match((await calling).error.message, /may have executed/);
    const next = client.call('echo', { text: 'next' });
    // Until the supervisor knows of the death, the child only seems to refuse connections.
    await closed;
    const ended = { server: 'it', index: 0, generation, reason: 'died', unread: [] } as const;
    harness.gateway.conversations.close({ ...ended, expected: 'back' });
    ({ url, process: child } = await startHttp('http-echo'));
    await harness.start('it', { url, kind: 'http' });
    assert.equal(await next, 'next');
  }
  await harness.close();
});

for (const args of [[], ['--late']]) {
  test(`arguments that ${args[0] ?? 'marks'} says are repeated as headers, are`, async () => {
    const { url } = await startHttp('http-marked', ...args);
    const harness = await startHarness({ servers: { it: { url } } });
    const client = await openSession(harness.url);
    const headers = await client.call('where', { region: '東', floor: 3, other: 'x' });
    assert.equal(headers, 'mcp-param-floor=3 mcp-param-region==?base64?5p2x?=');
  });
}

test('a tool that marks its arguments against the rules is not shown, and the journal says why', async () => {
  const { url } = await startHttp('http-marked');
  const harness = await startHarness({ servers: { it: { url } } });
  assert.deepEqual(
    harness.gateway.tools().map(({ name }) => name),
    ['where'],
  );
  const refused = harness.events.find(({ kind }) => kind === 'tool.refused');
  assert.equal(refused?.kind === 'tool.refused' && refused.tool, 'broken');
});
