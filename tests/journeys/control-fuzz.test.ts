import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { createHome, entry } from '../support/home.ts';

/** Part of a JSON Schema, as far as values are made of it here. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** Longest wait for one answer: none of these tools has anything to wait for. */
const answerMaxMs = 60_000;

/** What no field, or hardly one, wants: wrong types, wrong sizes, and texts that break what is careless. */
const strange: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e308,
  '',
  'nobody',
  '../../../etc/passwd',
  '__proto__',
  '\u0000\ud800',
  'x'.repeat(70_000),
  [],
  [null],
  ['nobody', 7],
  {},
  { constructor: { prototype: 1 } },
];

/** The least that a schema takes; nothing of it names a server that is there. */
function least(schema: Schema): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf !== undefined) return least(schema.anyOf[0] ?? {});
  switch (schema.type) {
    case 'string':
      return 'nobody';
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    case 'array':
      return ['nobody'];
    case 'object':
      return leastObject(schema);
    default:
      return 'nobody';
  }
}

function leastObject({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  return Object.fromEntries(required.map((name) => [name, least(properties[name] ?? {})]));
}

/** Arguments with one mistake, or one strange value, each. */
function mistakes(schema: Schema): Record<string, unknown>[] {
  const base = leastObject(schema);
  const withoutOne = (schema.required ?? []).map((name) => {
    const { [name]: _left, ...others } = base;
    return others;
  });
  // Each field gets every third of them, the next field the next third.
  const strangeOnes = Object.keys(schema.properties ?? {}).flatMap((name, field) =>
    strange.filter((_, at) => (at + field) % 3 === 0).map((value) => ({ ...base, [name]: value })),
  );
  return [{ ...base, no_such_argument: 1 }, ...withoutOne, ...strangeOnes];
}

test('every tool answers every mistake in its arguments as a result that says what to change', async () => {
  await using home = createHome({ servers: { fine: entry('echo') } });
  const daemon = await home.up();
  const client = new Client({ name: 'agent', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(`${daemon.origin}/control/mcp`));
  await client.connect(transport as Transport);
  const { tools } = await client.listTools();
  assert.ok(tools.length >= 40, `${tools.length} tools`);
  const counts = { calls: 0, refused: 0 };
  for (const { name, inputSchema } of tools) {
    const cases = mistakes(inputSchema as Schema);
    for (const [at, given] of cases.entries()) {
      const what = `${name} ${JSON.stringify(given).slice(0, 200)}`;
      const answer = await client
        .callTool({ name, arguments: given }, undefined, { timeout: answerMaxMs })
        .catch((error: Error) => assert.fail(`${what}: ${error.message}`));
      const text = (answer.content as { text: string }[]).map((part) => part.text).join('\n');
      counts.calls += 1;
      // The first has an argument that no tool takes.
      if (at === 0) assert.equal(answer.isError, true, what);
      if (answer.isError !== true) continue;
      counts.refused += 1;
      assert.match(text, /^\w+: .{10,}|^Not done/s, what);
      assert.doesNotMatch(text, /\n\s+at |node:internal|\.js:\d+|TypeError|stderr tells/, what);
      assert.ok(text.length < 3_000, `${what}: an error of ${text.length} characters`);
    }
  }
  assert.ok(counts.calls > 500 && counts.refused > counts.calls / 2, JSON.stringify(counts));
  assert.doesNotMatch(daemon.output(), /Failure of/);
  const listed = await client.callTool({ name: 'list_processes', arguments: {} });
  assert.match(JSON.stringify(listed.content), /fine ready/);
  await client.close();
});

test('a request that is no request is refused by the protocol, and nothing hangs', async () => {
  await using home = createHome({ servers: { fine: entry('echo') } });
  const daemon = await home.up();
  for (const body of [
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"diagnose","arguments":"x"}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call"}',
    '{"jsonrpc":"2.0","id":1,"method":"no/such"}',
    '{"jsonrpc":"2.0","id":1}',
    '[]',
    '{',
    '',
    `"${'x'.repeat(2_000_000)}"`,
  ]) {
    const response = await fetch(`${daemon.origin}/control/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body,
      signal: AbortSignal.timeout(answerMaxMs),
    });
    const text = await response.text();
    assert.ok(response.status < 500, `${body.slice(0, 90)}: ${response.status} ${text}`);
    assert.ok(
      response.status === 413 || /"error"|"isError":true/.test(text),
      `${body.slice(0, 90)}: ${text}`,
    );
    assert.doesNotMatch(text, /\n\s+at |node:internal/);
  }
  assert.doesNotMatch(daemon.output(), /Failure of/);
});
