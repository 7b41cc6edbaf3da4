import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { serverFile } from '../support/stdio-server.ts';
import { waitFor } from '../support/wait.ts';

const home = createHome({
  spawn: { approve: 'changed' },
  servers: { fine: entry('echo') },
});
let daemon: Daemon;
let client: Client;

before(async () => {
  daemon = await home.up();
  client = new Client({ name: 'climber', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${daemon.origin}/control/mcp`)));
});
after(async () => {
  await client.close();
  await home[Symbol.asyncDispose]();
});

async function call(name: string, given: Record<string, unknown>) {
  const { content, isError } = await client.callTool({ name, arguments: given });
  const text = (content as { text: string }[])[0]?.text ?? '';
  return { text, isError: isError === true };
}

interface Row {
  readonly why: string;
  readonly state: string;
  readonly pid?: number;
}
const row = (server: string) => daemon.api<Row>(`/servers/${server}`);

/** Waits until it does not run, for this reason. */
async function isHeld(server: string, why: RegExp): Promise<void> {
  await waitFor(`${server} to be held`, async () => why.test((await row(server)).why));
  assert.equal((await row(server)).pid, undefined);
}

test('no tool reaches the rules for agents: not the fleet file, approvals, sign-ins, benchmarks or the daemon', async () => {
  const { tools } = await client.listTools();
  const names = tools.map(({ name }) => name).join(' ');
  assert.doesNotMatch(
    names,
    /save_fleet|read_fleet|plan_fleet|approve_|login|logout|shutdown|benchmark/,
  );
  for (const name of ['save_fleet', 'approve_server', 'server.approve'])
    assert.equal((await call(name, {})).isError, true);
});

test('an entry is changed as far as it gives no rights, and nothing else of the file is', async () => {
  const text = readFileSync(home.file, 'utf8');
  for (const patch of [
    { user: 'root' },
    { group: null },
    { auth: { clientId: 'me' } },
    { spawn: { approve: 'never' } },
    { '../spawn': { approve: 'never' } },
    { __proto__: null, constructor: { spawn: 1 } },
  ]) {
    const refused = await call('edit_process', { name: 'fine', patch });
    assert.equal(refused.isError, true, JSON.stringify(patch));
  }
  assert.equal(readFileSync(home.file, 'utf8'), text);
});

test('what an agent changes or adds runs only once a person approved it', async () => {
  await call('edit_process', { name: 'fine', patch: { args: [serverFile('collide'), 'hello'] } });
  await isHeld('fine', /changed since it was approved/);
  const args = [serverFile('broken-app'), '--chatter', '0'];
  await call('add_process', { name: 'mine', command: process.execPath, args });
  await isHeld('mine', /an agent added it/);
  const { waiting } = await daemon.api<{ waiting: { server: string; why: string }[] }>(
    '/approvals',
  );
  assert.deepEqual(
    waiting.map((one) => [one.server, one.why]),
    [
      ['fine', 'changed'],
      ['mine', 'new'],
    ],
  );
  const diagnosed = await call('diagnose', { name: 'mine' });
  assert.match(diagnosed.text, /approvalNeeded, certain[\s\S]*ringmaster approve mine/);
  const approved = await home.run('approve', 'mine', 'fine');
  assert.equal(approved.code, 0, approved.stderr);
  for (const server of ['mine', 'fine']) assert.equal((await row(server)).state, 'ready');
});

test('a variable that makes programs load foreign code is refused by the gate, whoever sets it', async () => {
  await call('edit_process', { name: 'mine', patch: { env: { LD_PRELOAD: '/tmp/x.so' } } });
  await isHeld('mine', /LD_PRELOAD/);
});

test('a person who adds the same is asked nothing', async () => {
  const command = ['--', process.execPath, serverFile('broken-app'), '--chatter', '0'];
  const added = await home.run('add', 'theirs', ...command);
  assert.equal(added.code, 0, added.stderr);
  await waitFor('it to run', async () => (await row('theirs')).state === 'ready');
});
