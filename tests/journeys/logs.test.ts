import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Found {
  readonly entries: readonly { server: string; atMs: number; level: string; text: string }[];
  readonly isComplete: boolean;
}

interface Summary {
  readonly servers: readonly {
    server: string;
    counts: Record<string, number>;
    topErrors: readonly { shape: string; count: number }[];
    lostBytes: number;
  }[];
}

test('what servers log is found by level, text, server and time, summed up and exported', async () => {
  covers('log.search', 'log.summary');
  await using home = createHome({ servers: { one: entry('echo'), two: entry('echo') } });
  const daemon = await home.up();
  const [one, two] = [
    await daemon.legacy('/servers/one/mcp'),
    await daemon.legacy('/servers/two/mcp'),
  ];
  const before = Date.now();
  for (let user = 0; user < 3; user += 1) {
    await one.call('log', { text: `ERROR user ${user} not found\n    at find (a.js:1)` });
    await two.call('log', { text: `WARN ディスクの残り ${user} GB` });
  }
  await one.call('log', { text: '{"level":60,"msg":"broken for good"}' });
  const search = (body: object) => daemon.api<Found>('/logs/search', body);
  await waitFor('all entries', async () => (await search({ level: 'warn' })).entries.length === 7);

  const errors = await search({ level: 'error', order: 'oldest', sinceMs: before - 1_000 });
  assert.deepEqual(
    errors.entries.map(({ server, level, text }) => [server, level, text.split('\n').length]),
    [
      ['one', 'error', 2],
      ['one', 'error', 2],
      ['one', 'error', 2],
      ['one', 'critical', 1],
    ],
  );
  for (const { atMs } of errors.entries)
    assert.ok(atMs >= before && atMs <= Date.now(), `${atMs} is not when it was written`);
  const inJapanese = await search({ text: 'ディスク', servers: ['two'], limit: 2 });
  assert.deepEqual(
    inJapanese.entries.map(({ text }) => text),
    ['WARN ディスクの残り 2 GB', 'WARN ディスクの残り 1 GB'],
  );
  assert.equal(inJapanese.isComplete, false);
  assert.equal((await search({ untilMs: before - 60_000 })).entries.length, 0);

  const { servers } = await home.json<Summary>('logs', '--summary');
  assert.deepEqual(
    servers.map(({ server, counts, lostBytes }) => [
      server,
      counts['critical'],
      counts['error'],
      counts['warn'],
      lostBytes,
    ]),
    [
      ['one', 1, 3, 0, 0],
      ['two', 0, 0, 3, 0],
    ],
  );
  const [top] = servers[0]?.topErrors ?? [];
  assert.deepEqual([top?.shape, top?.count], ['ERROR user # not found', 3]);

  const shown = await home.run('logs', '--level', 'error', '--search', 'USER 1', '--since', '1h');
  assert.match(shown.stdout, /ERROR .*one.*ERROR user 1 not found\n {4}at find/);
  assert.doesNotMatch(shown.stdout, /user 2/);
  const file = join(home.folder, 'copy.log');
  assert.equal((await home.run('logs', '--level', 'warn', '--export', file)).code, 0);
  const copy = readFileSync(file, 'utf8').trimEnd().split('\n');
  const times = copy.filter((line) => /^\d{4}-/.test(line)).map((line) => line.split(' ')[0]);
  assert.equal(times.length, 7);
  assert.deepEqual(times, times.toSorted());
});

test('what a stdio server prints between its messages is in its log', async () => {
  await using home = createHome({ servers: { noisy: entry('noisy') } });
  const daemon = await home.up();
  const client = await daemon.legacy('/servers/noisy/mcp');
  assert.equal(await client.call('add', { a: 1, b: 2 }), '3');
  const wanted = [
    '[stdout] noisy: starting up…',
    '[stdout] [info] about to answer',
    '[stdout] {"level":"info","text":"structured log"}',
    '[stdout] Done {not json}',
  ];
  await waitFor('the lines in the log', async () => {
    const lines = (await home.run('logs', 'noisy')).stdout.split('\n');
    return wanted.every((line) => lines.includes(line)) && !lines.join('').includes('jsonrpc');
  });
});

test('a search by a pattern finds what matches; one that would take for ever is given up, and harms nobody', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const client = await daemon.legacy();
  await client.call('log', { text: 'user 17 left after 300 ms' });
  await client.call('log', { text: 'user seventeen left' });
  await client.call('log', { text: `${'a'.repeat(60)}!` });
  const search = (body: object) => daemon.api<Found & { code?: string }>('/logs/search', body);
  const found = await waitFor('the lines', async () => {
    const answer = await search({ pattern: '^USER \\d+ left' });
    return answer.entries.length > 0 ? answer : undefined;
  });
  assert.deepEqual(
    found.entries.map(({ text }) => text),
    ['user 17 left after 300 ms'],
  );
  assert.match((await home.run('logs', 'echo', '--match', 'seven.*left')).stdout, /seventeen/);
  const evil = search({ pattern: '^(a|aa)+$' });
  assert.equal(await client.call('add', { a: 1, b: 1 }), '2');
  assert.equal((await search({ text: 'seventeen' })).entries.length, 1);
  assert.equal((await evil).code, 'search_busy');
  assert.equal((await search({ pattern: '(' })).code, 'bad_request');
});
