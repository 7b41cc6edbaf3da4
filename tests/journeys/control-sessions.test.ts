import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { ages, createAged, nameOf, type Result } from '../support/aged-clients.ts';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

const home = createHome({ servers: { fine: entry('echo'), other: entry('collide') } });
let daemon: Daemon;

before(async () => {
  daemon = await home.up();
});
after(() => home[Symbol.asyncDispose]());

const info = 'process://fine/info';
const log = 'logs://fine/recent';

/** What an agent does and hears, whatever its SDK is called. */
interface Agent {
  readonly canElicit: boolean;
  readonly heard: string[];
  readonly asked: string[];
  /** What the person answers next. */
  person: 'accept' | 'decline';
  call(
    name: string,
    given: object,
    onprogress?: (step: { progress: number }) => void,
  ): Promise<Result>;
  subscribe(uris: readonly string[]): Promise<void>;
  unsubscribe(uri: string): Promise<void>;
  close(): Promise<void>;
}

/** The client of every age of version 1 as this test uses it. */
interface Subscriber {
  subscribeResource(params: { uri: string }): Promise<unknown>;
  unsubscribeResource(params: { uri: string }): Promise<unknown>;
  setNotificationHandler(
    schema: unknown,
    handler: (notification: { params?: { uri?: string } }) => void,
  ): void;
}

async function agedAgent(age: (typeof ages)[number]): Promise<Agent> {
  const { client, types, open } = await createAged(age);
  const agent = blank(age.canElicit);
  const subscriber = client as unknown as Subscriber;
  subscriber.setNotificationHandler(types['ResourceUpdatedNotificationSchema'], ({ params }) => {
    agent.heard.push(params?.uri ?? '?');
  });
  subscriber.setNotificationHandler(types['ResourceListChangedNotificationSchema'], () => {
    agent.heard.push('list');
  });
  if (age.canElicit)
    client.setRequestHandler(types['ElicitRequestSchema'], ({ params }) =>
      answer(agent, String(params['message'])),
    );
  await open({ origin: daemon.origin, dataDir: home.dataDir }, '/control/mcp');
  return Object.assign(agent, {
    call: (name: string, given: object, onprogress?: (step: { progress: number }) => void) =>
      client.callTool(
        { name, arguments: given },
        undefined,
        onprogress === undefined ? {} : { onprogress },
      ),
    async subscribe(uris: readonly string[]) {
      for (const uri of uris) await subscriber.subscribeResource({ uri });
    },
    unsubscribe: async (uri: string) => void (await subscriber.unsubscribeResource({ uri })),
    close: () => client.close(),
  });
}

async function modernAgent(mode: 'legacy' | { pin: string }): Promise<Agent> {
  const client = new ModernClient(
    { name: 'agent', version: '1.0.0' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } },
  );
  const agent = blank(true);
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    agent.heard.push(params.uri);
  });
  client.setNotificationHandler('notifications/resources/list_changed', () => {
    agent.heard.push('list');
  });
  client.setRequestHandler('elicitation/create', ({ params }) => answer(agent, params.message));
  await client.connect(new ModernTransport(new URL(`${daemon.origin}/control/mcp`)));
  let listening: { close(): Promise<void> } | undefined;
  return Object.assign(agent, {
    call: async (name: string, given: object, onprogress?: (step: { progress: number }) => void) =>
      (await client.callTool(
        { name, arguments: { ...given } },
        onprogress === undefined ? {} : { onprogress },
      )) as Result,
    async subscribe(uris: readonly string[]) {
      if (mode === 'legacy') for (const uri of uris) await client.subscribeResource({ uri });
      else
        listening = await client.listen({
          resourceSubscriptions: [...uris],
          resourcesListChanged: true,
        });
    },
    async unsubscribe(uri: string) {
      if (mode === 'legacy') await client.unsubscribeResource({ uri });
      else await listening?.close();
    },
    close: () => client.close(),
  });
}

function blank(canElicit: boolean): Agent {
  const never = () => Promise.reject(new Error('not connected'));
  return {
    ...{ canElicit, heard: [], asked: [], person: 'decline' },
    ...{ call: never, subscribe: never, unsubscribe: never, close: never },
  };
}

function answer(agent: Agent, message: string) {
  agent.asked.push(message);
  return agent.person === 'accept'
    ? { action: 'accept' as const, content: { confirm: true } }
    : { action: 'decline' as const };
}

const agents: readonly { readonly title: string; open(): Promise<Agent> }[] = [
  ...ages
    .filter(({ sdk, over }) => sdk !== 'sdk-1.0' && over !== 'mcp-remote')
    .map((age) => ({ title: nameOf(age), open: () => agedAgent(age) })),
  { title: 'SDK 2 in a session', open: () => modernAgent('legacy') },
  { title: 'SDK 2 without one', open: () => modernAgent({ pin: '2026-07-28' }) },
];

for (const { title, open } of agents) {
  test(`${title} hears of states, of new lines in a log and of a changed list`, async () => {
    await using agent = disposable(await open());
    await agent.subscribe([info, log]);
    const steps: number[] = [];
    await agent.call('restart_process', { name: 'fine' }, ({ progress }) => steps.push(progress));
    await waitFor('news of the state', () => agent.heard.includes(info));
    assert.ok(steps.length > 0, 'no progress was told');
    assert.deepEqual(
      steps,
      [...steps].sort((one, other) => one - other),
    );
    const client = await daemon.legacy('/servers/fine/mcp');
    await waitFor('news of the log', async () => {
      await client.call('log', { text: 'a new line' });
      return agent.heard.includes(log);
    });
    await agent.call('add_process', {
      name: 'short-lived',
      command: process.execPath,
      args: ['--version'],
    });
    await waitFor('news of the list', () => agent.heard.includes('list'));
    await agent.unsubscribe(log);
    assert.ok(!agent.heard.includes('process://other/info'), 'heard of what it did not want');
    await confirms(agent);
  });
}

/** Closes it whatever happens: an open client would keep the test from ending. */
function disposable(agent: Agent): Agent & AsyncDisposable {
  return Object.assign(agent, { [Symbol.asyncDispose]: () => agent.close() });
}

/** Takes away what the test added: a person says no, then yes; or the plan is confirmed by its id. */
async function confirms(agent: Agent): Promise<void> {
  const first = await agent.call('remove_process', { name: 'short-lived' });
  const text = first.content[0]?.text ?? '';
  if (!agent.canElicit) {
    assert.equal(agent.asked.length, 0);
    const id = /plan_id (\S+)/.exec(text)?.[1];
    const done = await agent.call('remove_process', { name: 'short-lived', plan_id: id });
    assert.equal(done.isError ?? false, false, done.content[0]?.text);
    return;
  }
  assert.equal(first.isError, true);
  assert.match(text, /said no/);
  agent.person = 'accept';
  const done = await agent.call('remove_process', { name: 'short-lived' });
  assert.equal(done.isError ?? false, false, done.content[0]?.text);
  assert.equal(agent.asked.length, 2);
  assert.match(agent.asked[0] ?? '', /short-lived/);
}

test('a session cannot subscribe to what is not there, and is told what is', async () => {
  const { client, open } = await createAged({ sdk: 'sdk-1.25', over: 'http', canElicit: true });
  await open({ origin: daemon.origin, dataDir: home.dataDir }, '/control/mcp');
  const subscriber = client as unknown as Subscriber;
  await assert.rejects(subscriber.subscribeResource({ uri: 'process://fin/info' }), /fine/);
  await assert.rejects(subscriber.subscribeResource({ uri: 'file:///etc' }), /logs:\/\/NAME/);
  await client.close();
});

test('a session that is not known is refused with what to do, and a deleted one is gone', async () => {
  const post = (body: object, session?: string) =>
    fetch(`${daemon.origin}/control/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(session === undefined ? {} : { 'mcp-session-id': session }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...body }),
    });
  const unknown = await post({ id: 1, method: 'ping' }, 'made-up');
  assert.equal(unknown.status, 404);
  assert.match(await unknown.text(), /initialize again/);
  const params = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  };
  const begun = await post({ id: 1, method: 'initialize', params });
  await begun.text();
  const session = begun.headers.get('mcp-session-id') ?? '';
  const pinged = await post({ id: 2, method: 'ping' }, session);
  assert.equal(pinged.status, 200);
  await pinged.text();
  const gone = await fetch(`${daemon.origin}/control/mcp`, {
    method: 'DELETE',
    headers: { 'mcp-session-id': session },
  });
  assert.equal(gone.status, 200);
  assert.equal((await post({ id: 3, method: 'ping' }, session)).status, 404);
});
