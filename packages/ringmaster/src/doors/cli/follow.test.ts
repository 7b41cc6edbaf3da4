import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../../errors.ts';
import type { Handlers } from '../../operations/index.ts';
import { createBench, until } from './testing/stand-in.ts';

/** A log of which `cursor` is the count of lines that were read. */
function logOf(lines: readonly string[]): Pick<Handlers, 'log.read'> {
  return {
    'log.read': async ({ lines: wanted, cursor }) => ({
      lines: cursor === undefined ? lines.slice(-wanted) : lines.slice(Number(cursor)),
      cursor: String(lines.length),
      missed: false,
    }),
  };
}

test('logs shows the last lines of each server under its name', async (context) => {
  const bench = createBench(context);
  await bench.serve(logOf(['one', 'two', 'three']));
  const single = await bench.run('logs', '-n', '2', 'files');
  assert.equal(single.stdout, 'two\nthree\n');
  const several = await bench.run('logs', 'files', 'api', '--lines', '1');
  assert.equal(several.stdout, 'files │ three\napi   │ three\n');
  const json = await bench.run('logs', 'files', '-n', '1', '--json');
  assert.deepEqual(JSON.parse(json.stdout), { lines: [{ server: 'files', line: 'three' }] });
});

test('logs -f reads on across a daemon that goes away and comes back on another port', async (context) => {
  const bench = createBench(context);
  const lines = ['before'];
  const first = await bench.serve(logOf(lines));
  const running = bench.start(['logs', '-f', 'files']);
  const saw = (line: string) =>
    until(
      () => running.said.stdout.includes(`${line}\n`),
      () => JSON.stringify(running.said),
    );
  await saw('before');
  lines.push('while it runs');
  await saw('while it runs');
  first.close();
  first.closeAllConnections();
  await until(
    () => running.said.stderr.includes('does not answer'),
    () => running.said.stderr,
  );
  lines.push('after it came back');
  await bench.serve(logOf(lines));
  await saw('after it came back');
  running.child.kill('SIGINT');
  const ended = await running.ended;
  assert.equal(ended.stdout, 'before\nwhile it runs\nafter it came back\n');
  assert.equal(ended.code, 0);
});

test('events are told oldest first, and followed without repeats', async (context) => {
  const bench = createBench(context);
  const events = [1, 2, 3].map((seq) => ({
    ...{ seq, atMs: 5, kind: 'instance.ready', subject: `server${seq}`, tookMs: seq },
  }));
  await bench.serve({
    'event.list': async ({ limit, sinceMs, beforeSeq }) => ({
      events: events
        .filter(({ atMs }) => atMs >= (sinceMs ?? 0))
        .filter(({ seq }) => seq < (beforeSeq ?? Number.POSITIVE_INFINITY))
        .reverse()
        .slice(0, limit),
    }),
  });
  const told = (text: string) => [...text.matchAll(/server\d/g)].map(([name]) => name);
  assert.deepEqual(told((await bench.run('events', '-n', '2')).stdout), ['server2', 'server3']);
  const json = JSON.parse((await bench.run('events', '-n', '2', '--json')).stdout);
  assert.deepEqual(json, { events: events.slice(1) }, 'one document');
  const running = bench.start(['events', '--follow', '-n', '1']);
  await until(
    () => told(running.said.stdout).length === 1,
    () => running.said.stdout,
  );
  events.push({ seq: 4, atMs: 5, kind: 'instance.ready', subject: 'server4', tookMs: 4 });
  await until(
    () => told(running.said.stdout).length === 2,
    () => running.said.stdout,
  );
  running.child.kill('SIGTERM');
  assert.deepEqual(told((await running.ended).stdout), ['server3', 'server4']);
});

const tools: Pick<Handlers, 'server.list' | 'tool.list' | 'tool.call'> = {
  'server.list': async () => ({ servers: [] }),
  'tool.list': async () => ({
    tools: [
      {
        ...{ server: 'my.files', name: 'read', exposedAs: 'my.files__read' },
        description: 'Reads a file\nand more',
        inputSchema: { properties: { path: { type: 'string' } } },
      },
    ],
  }),
  'tool.call': async (asked) => {
    if (asked.server !== 'my.files') throw new Problem('server_not_found', asked.server);
    const text = asked.argumentsJson ?? JSON.stringify(asked.arguments);
    return { result: { content: [{ type: 'text', text }], isError: text === '{}' }, tookMs: 3 };
  },
};

test('tools lists each tool with its server and its name at /mcp', async (context) => {
  const bench = createBench(context);
  await bench.serve(tools);
  const ended = await bench.run('tools');
  assert.match(ended.stdout, /my\.files\.read +my\.files__read +Reads a file\n$/);
});

for (const [words, given] of [
  [['my.files.read', '--json', '{"path":"a"}'], { path: 'a' }],
  [['my.files__read', '--arg', 'path=1', '--arg', 'lines=2'], { path: '1', lines: 2 }],
  [['my.files.read', '--json', '{"path":"a"}', '--arg', 'path=b'], { path: 'b' }],
] as const) {
  test(`call ${words.join(' ')} sends ${JSON.stringify(given)}`, async (context) => {
    const bench = createBench(context);
    await bench.serve(tools);
    const ended = await bench.run('call', '--output', 'text', ...words);
    assert.equal(ended.stderr, '');
    assert.deepEqual(JSON.parse(ended.stdout), given);
    assert.equal(ended.code, 0);
  });
}

test('a call prints the whole result as JSON for programs, and exits 1 when the tool failed', async (context) => {
  const bench = createBench(context);
  await bench.serve(tools);
  const ended = await bench.run('call', 'my.files__read');
  assert.equal(JSON.parse(ended.stdout).isError, true);
  assert.equal(ended.code, 1);
  const unknown = await bench.run('call', 'nothing');
  assert.match(unknown.stderr, /Cannot call "nothing"/);
  assert.equal(unknown.code, 1);
});
