import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createHome, type Daemon, entry } from '../support/home.ts';
import type { McpClient } from '../support/mcp-client.ts';
import { waitFor } from '../support/wait.ts';

const url = 'http://127.0.0.1:${PORT}/mcp';
const limits = { callTimeoutMs: 10_000, maxMessageBytes: 5_000_000 };
type Entry = ReturnType<typeof entry>;

const lost = /no reply.*may have executed/;

/** What a call of each trick comes to: its text or error, and what the journal says. */
const rows: readonly {
  readonly trick: string;
  readonly outcome: 'ok' | 'lost' | 'late';
  readonly said: RegExp;
}[] = [
  { trick: 'html', outcome: 'lost', said: lost },
  { trick: 'empty', outcome: 'lost', said: lost },
  { trick: 'broken', outcome: 'lost', said: /HTTP 500/ },
  { trick: 'half', outcome: 'lost', said: lost },
  { trick: 'cut', outcome: 'lost', said: lost },
  { trick: 'foreign', outcome: 'lost', said: lost },
  { trick: 'twice', outcome: 'ok', said: /^answered$/ },
  { trick: 'open', outcome: 'ok', said: /^answered$/ },
  { trick: 'endless', outcome: 'lost', said: /larger than limits.maxMessageBytes/ },
  { trick: 'endless-stream', outcome: 'lost', said: /larger than limits.maxMessageBytes/ },
  { trick: 'never', outcome: 'late', said: /did not answer within 10000 ms/ },
];

for (const era of ['legacy', 'modern'] as const)
  test(`an HTTP server of the ${era} era that answers wrongly harms its own calls only, and the journal knows`, async () => {
    const flags = era === 'modern' ? ['--modern'] : [];
    const bad = entry('http-garbage', flags, { url, port: 'auto', limits });
    await using home = createHome({ servers: { bad, good: entry('echo') } });
    const daemon = await home.up();
    const client = await daemon.legacy('/servers/bad/mcp');
    const others = callOn(await daemon.modern('/servers/good/mcp'));
    const outcomes = await Promise.all(
      rows.map(async ({ trick, said }) => {
        const text = await client.call(trick).catch((error: Error) => error.message);
        assert.match(text, said, trick);
      }),
    );
    assert.equal(outcomes.length, rows.length);
    assert.ok((await others.stop()) > 0);
    assert.equal(await client.call('echo', { text: 'still there' }), 'still there');
    const told = await journalOf(daemon, rows.length + 1);
    for (const { trick, outcome } of rows) assert.equal(told.get(trick), outcome, trick);
  });

/** The same, one after the other, of servers that say everything on one channel. */
const onOneChannel: Readonly<Record<string, { readonly bad: Entry; readonly rows: typeof rows }>> =
  {
    'stdio server': {
      bad: entry('garbage', [], { limits }),
      rows: [
        { trick: 'half', outcome: 'ok', said: /^half$/ },
        { trick: 'wrong_id', outcome: 'ok', said: /^wrong_id$/ },
        { trick: 'duplicate', outcome: 'ok', said: /^duplicate$/ },
        { trick: 'late', outcome: 'ok', said: /^late$/ },
        { trick: 'both', outcome: 'ok', said: /^both$/ },
        { trick: 'no_newline', outcome: 'ok', said: /^no_newline$/ },
        { trick: 'text_id', outcome: 'ok', said: /^text_id$/ },
        { trick: 'never', outcome: 'late', said: /did not answer within 10000 ms/ },
      ],
    },
    'server of HTTP with events': {
      bad: entry('sse-garbage', [], {
        ...{ url: 'http://127.0.0.1:${PORT}/sse', port: 'auto' },
        limits,
      }),
      rows: [
        { trick: 'half', outcome: 'ok', said: /^answered$/ },
        { trick: 'foreign', outcome: 'ok', said: /^answered$/ },
        { trick: 'twice', outcome: 'ok', said: /^answered$/ },
        { trick: 'late', outcome: 'ok', said: /^answered$/ },
        { trick: 'broken', outcome: 'lost', said: /HTTP 500/ },
        { trick: 'cut', outcome: 'lost', said: /event stream broke off.*may have executed/ },
        { trick: 'endless', outcome: 'lost', said: /event stream broke off.*may have executed/ },
        { trick: 'never', outcome: 'late', said: /did not answer within 10000 ms/ },
      ],
    },
  };

for (const [kind, { bad, rows: tricks }] of Object.entries(onOneChannel))
  test(`a ${kind} that answers wrongly harms its own calls only, and the journal knows`, async () => {
    await using home = createHome({ servers: { bad, good: entry('echo') } });
    const daemon = await home.up();
    const client = await daemon.legacy('/servers/bad/mcp');
    const others = callOn(await daemon.modern('/servers/good/mcp'));
    for (const { trick, said } of tricks) {
      const text = await client.call(trick).catch((error: Error) => error.message);
      assert.match(text, said, trick);
    }
    assert.ok((await others.stop()) > 0);
    assert.equal(await client.call('echo', { text: 'still there' }), 'still there');
    const told = await journalOf(daemon, tricks.length + 1);
    for (const { trick, outcome } of tricks) assert.equal(told.get(trick), outcome, trick);
  });

test('a server whose streams never end is answered for, however often it is called', async () => {
  const bad = entry('http-garbage', [], { url, port: 'auto', limits });
  await using home = createHome({ servers: { bad } });
  const daemon = await home.up();
  const client = await daemon.legacy('/servers/bad/mcp');
  // More than the connections that are kept to one server.
  for (let round = 0; round < 3; round += 1) {
    const texts = await Promise.all(Array.from({ length: 60 }, () => client.call('open')));
    assert.deepEqual([...new Set(texts)], ['answered']);
  }
});

test('a server that pours bytes without an end costs the daemon no memory to speak of', async () => {
  const bad = entry('http-garbage', [], { url, port: 'auto', limits });
  await using home = createHome({ servers: { bad } });
  const daemon = await home.up();
  const client = await daemon.legacy('/servers/bad/mcp');
  const pour = async () => {
    for (const trick of ['endless', 'endless-stream'])
      await Promise.all(Array.from({ length: 4 }, () => assert.rejects(client.call(trick))));
  };
  await pour();
  const beforeBytes = residentBytes(daemon.pid);
  for (let round = 0; round < 4; round += 1) await pour();
  const grownBytes = residentBytes(daemon.pid) - beforeBytes;
  // 160 MB came in; what stays is a few buffers.
  assert.ok(grownBytes < 80_000_000, `${grownBytes} bytes`);
});

/** Calls without a pause until told to stop; resolves with how many were answered. */
function callOn(client: McpClient): { stop(): Promise<number> } {
  let isOver = false;
  const done = (async () => {
    let count = 0;
    for (; !isOver; count += 1) {
      assert.equal(await client.call('echo', { text: `${count}` }), `${count}`);
    }
    return count;
  })();
  return {
    stop() {
      isOver = true;
      return done;
    },
  };
}

/** What the journal says of each tool of the bad server, once it knows of so many calls. */
function journalOf(daemon: Daemon, count: number): Promise<Map<string, string>> {
  return waitFor('the journal', async () => {
    const path = '/events?kind=call.finished&subject=bad';
    const { events } = await daemon.api<{ events: { name: string; outcome: string }[] }>(path);
    const told = new Map(events.map(({ name, outcome }) => [name, outcome]));
    return told.size >= count ? told : undefined;
  });
}

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
}
