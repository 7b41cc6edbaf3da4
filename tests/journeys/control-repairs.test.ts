import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { serverFile } from '../support/stdio-server.ts';
import { waitFor } from '../support/wait.ts';

/** What `diagnose` answers, as far as the agent here reads it. */
interface Diagnosis {
  readonly cause: string;
  readonly certainty: string;
  readonly evidence: readonly string[];
  readonly config: { readonly command?: string; readonly args: readonly string[] };
}

type Patch = Readonly<Record<string, unknown>>;

/** One way to be broken: the entry, the cause that must be found, and what an agent does, told only the diagnosis. */
interface Breakage {
  readonly name: string;
  readonly entry: Patch;
  readonly cause: string;
  mend(found: Diagnosis, evidence: string): Patch;
}

/** Fails at once and is not tried again while the test looks at it. */
const once = { restart: { failAfter: 1, maxDelayMs: 600_000 } };
const app = (args: readonly string[], more: Patch = {}) =>
  entry('broken-app', args, { ...once, ...more });

/** The arguments without an option and its value. */
function without(args: readonly string[], option: string, values: number): string[] {
  const at = args.indexOf(option);
  return args.filter((_, index) => index < at || index > at + values);
}

function breakages(folder: string, takenPort: number): readonly Breakage[] {
  return [
    {
      name: 'wrong-command',
      entry: { ...app([]), command: 'not-a-program-anywhere' },
      cause: 'commandNotFound',
      mend: () => ({ command: process.execPath }),
    },
    {
      name: 'wrong-folder',
      entry: app([], { cwd: join(folder, 'nowhere') }),
      cause: 'folderMissing',
      mend: () => ({ cwd: null }),
    },
    {
      name: 'wrong-script',
      entry: { ...app([]), args: [serverFile('broken-app').replace('broken-app', 'broken-ap')] },
      cause: 'moduleNotFound',
      mend: ({ config }) => ({ args: config.args.map((one) => one.replace('-ap.js', '-app.js')) }),
    },
    {
      name: 'wrong-argument',
      entry: app(['--prot', '80']),
      cause: 'wrongArgument',
      mend: ({ config }, evidence) => ({
        args: without(config.args, /option (--\w+)/.exec(evidence)?.[1] ?? '', 1),
      }),
    },
    {
      name: 'missing-file',
      entry: app(['--needs', join(folder, 'plug-ins.json')]),
      cause: 'fileNotFound',
      mend: ({ config }) => ({ args: without(config.args, '--needs', 1) }),
    },
    {
      name: 'missing-variable',
      entry: app(['--needs-env', 'APP_LEVEL']),
      cause: 'settingMissing',
      mend: (_, evidence) => ({ env: { [/variable (\w+)/.exec(evidence)?.[1] ?? '']: 'high' } }),
    },
    {
      name: 'taken-port',
      entry: app(['--listens', String(takenPort)]),
      cause: 'portTaken',
      mend: ({ config }) => ({ args: without(config.args, '--listens', 1) }),
    },
    {
      name: 'small-limit',
      entry: app(['--holds-bytes', '100000000'], { resources: { memoryBytes: 60_000_000 } }),
      cause: 'overLimit',
      mend: () => ({ resources: { memoryBytes: 1_000_000_000 } }),
    },
    {
      name: 'short-patience',
      entry: app(['--late-ms', '2500'], { start: { timeoutMs: 1_500 } }),
      cause: 'noHandshake',
      mend: () => ({ start: { timeoutMs: 30_000 } }),
    },
  ];
}

interface Answer {
  readonly text: string;
  readonly isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each tool answers with its own shape
  readonly told: any;
}
type Call = (name: string, given?: Record<string, unknown>) => Promise<Answer>;

function answerOf(result: unknown): Answer {
  const { content, isError, structuredContent } = result as Record<string, unknown>;
  const text = (content as { text: string }[])[0]?.text ?? '';
  return { text, isError: isError === true, told: structuredContent };
}

async function version1(url: URL): Promise<{ call: Call; close(): Promise<void> }> {
  const client = new Client({ name: 'agent', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(url) as Transport);
  await client.listTools();
  const call: Call = async (name, given = {}) =>
    answerOf(await client.callTool({ name, arguments: given }));
  return { call, close: () => client.close() };
}

async function version2(url: URL): Promise<{ call: Call; close(): Promise<void> }> {
  const client = new ModernClient(
    { name: 'agent', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await client.connect(new ModernTransport(url));
  await client.listTools();
  const call: Call = async (name, given = {}) =>
    answerOf(await client.callTool({ name, arguments: given }));
  return { call, close: () => client.close() };
}

/** A port that somebody else holds. */
async function takePort() {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/** Tokens of the raw log, and of the larger form of the diagnosis. */
interface Cost {
  readonly name: string;
  readonly cause: string;
  readonly raw: number;
  readonly diagnosis: number;
}

for (const [sdk, connect] of [
  ['SDK 1', version1],
  ['SDK 2', version2],
] as const)
  test(`an agent of ${sdk} mends nine kinds of broken servers by tools alone, for a quarter of the tokens of their logs`, async (t) => {
    const held = await takePort();
    await using home = createHome({ servers: { fine: entry('echo') } });
    const kinds = breakages(home.folder, held.port);
    const entries = kinds.map(({ name, entry: broken }) => [name, broken]);
    home.write({ servers: { fine: entry('echo'), ...Object.fromEntries(entries) } });
    const daemon = await home.up('answers');
    const agent = await connect(new URL(`${daemon.origin}/control/mcp`));
    try {
      await waitFor('every failure', async () => {
        const { told } = await agent.call('list_processes', { state: 'failed' });
        return told.total === kinds.length;
      });
      const costs: Cost[] = [];
      for (const kind of kinds)
        costs.push(await mend(agent.call, kind, await rawLog(daemon, kind)));
      for (const line of tableOf(costs)) t.diagnostic(line);
      const { told } = await agent.call('list_processes', { state: 'failed' });
      assert.equal(told.total, 0, JSON.stringify(told));
      const logged = costs.filter(({ raw }) => raw > 1_000);
      assert.ok(logged.length >= 6);
      for (const { name, raw, diagnosis } of logged)
        assert.ok(diagnosis <= raw / 4, `${name}: ${diagnosis} tokens, its log has ${raw}`);
    } finally {
      await agent.close();
      held.close();
    }
  });

/** Diagnoses, edits and verifies; `raw` is what the agent was spared. */
async function mend(call: Call, kind: Breakage, raw: string): Promise<Cost> {
  const { name } = kind;
  const { text, told } = await call('diagnose', { name });
  const found: Diagnosis = told;
  assert.equal(found.cause, kind.cause, `${name}: ${text}`);
  assert.notEqual(found.certainty, 'guess');
  const patch = kind.mend(found, found.evidence.join('\n'));
  const planned = await call('edit_process', { name, patch, dry_run: true });
  assert.equal(planned.isError, false, planned.text);
  const edited = await call('edit_process', { name, patch });
  assert.equal(edited.isError, false, `${name}: ${edited.text}`);
  // A setting that holds from the next start on starts nothing.
  if (edited.told.actions.every(({ action }: { action: string }) => action === 'reroute'))
    await call('restart_process', { name });
  await waitFor(`${name} to be mended`, async () => {
    const status = (await call('get_process_status', { name })).told;
    return status.processes[0].state === 'ready';
  });
  const diagnosis = Math.max(tokensOf(text), tokensOf(JSON.stringify(told)));
  return { name, cause: found.cause, raw: tokensOf(raw), diagnosis };
}

async function rawLog(daemon: Daemon, { name }: Breakage): Promise<string> {
  const { lines } = await daemon.api<{ lines: string[] }>(`/servers/${name}/logs?lines=1000`);
  return lines.join('\n');
}

/** Words, numbers and marks: near what tokenizers count of English and code, and the same for both sides. */
function tokensOf(text: string): number {
  return text.match(/[A-Za-z]{1,8}|\d{1,3}|[^\sA-Za-z\d]/g)?.length ?? 0;
}

function tableOf(costs: readonly Cost[]): string[] {
  return costs.map(({ name, cause, raw, diagnosis }) => {
    const share = raw === 0 ? '-' : `${Math.round((100 * diagnosis) / raw)} %`;
    return `| ${name} | ${cause} | ${raw} | ${diagnosis} | ${share} |`;
  });
}
