import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Bench, createBench } from './testing/stand-in.ts';

/** The smallest MCP server: it shakes hands and lists one tool. */
const server = `
  import { createInterface } from 'node:readline';
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === '') return;
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    const results = {
      initialize: {
        protocolVersion: params?.protocolVersion, capabilities: { tools: {} },
        serverInfo: { name: 'small', version: '1' },
      },
      'tools/list': { tools: [{ name: 'greet', inputSchema: { type: 'object' } }] },
    };
    const result = results[method];
    const error = result ? undefined : { code: -32601, message: 'Method not found' };
    console.log(JSON.stringify({ jsonrpc: '2.0', id, result, error }));
  });
`;

function writeFleet(bench: Bench): void {
  writeFileSync(join(bench.folder, 'small.mjs'), server);
  const small = { command: process.execPath, args: ['small.mjs'] };
  const fleet = { fleet: 'demo', listen: { port: 0 }, servers: { small } };
  writeFileSync(join(bench.folder, 'ringmaster.yaml'), JSON.stringify(fleet));
}

const initialize = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: {
    ...{ protocolVersion: '2025-06-18', capabilities: {} },
    clientInfo: { name: 'test', version: '1' },
  },
};
const conversation = [
  initialize,
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/list' },
];
const input = conversation.map((message) => `${JSON.stringify(message)}\n`).join('');

interface Answer {
  readonly id?: number;
  readonly result?: { readonly tools?: readonly { readonly name: string }[] };
}

function answersOf(stdout: string): readonly Answer[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Answer);
}

test('connect starts nothing by itself, and says so on stderr alone', async (context) => {
  const bench = createBench(context);
  writeFleet(bench);
  const ended = await bench.start(['connect'], { input }).ended;
  assert.equal(ended.stdout, '');
  assert.match(ended.stderr, /No daemon is running/);
  assert.equal(ended.code, 2);
});

test('two clients that connect --up at once share one daemon, and stdout is protocol alone', async (context) => {
  const bench = createBench(context);
  bench.endAfterwards();
  writeFleet(bench);
  const start = () => bench.start(['connect', '--up'], { input }).ended;
  for (const ended of await Promise.all([start(), start()])) {
    assert.equal(ended.code, 0, ended.stderr);
    const tools = answersOf(ended.stdout).find(({ id }) => id === 2)?.result?.tools;
    assert.deepEqual(
      tools?.map(({ name }) => name),
      ['greet'],
      JSON.stringify(ended),
    );
  }
  const own = await bench.start(['connect', '--server', 'small'], { input }).ended;
  assert.equal(answersOf(own.stdout).length, 2);
  assert.equal((await bench.run('status')).code, 0);
});
