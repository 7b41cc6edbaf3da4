import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Server } from '@modelcontextprotocol/server';
import { createSessions } from './sessions.ts';

const hourMs = 3_600_000;

/** Sessions over a clock the test turns; ids are s1, s2 … */
function hold() {
  let tickMs = 0;
  let count = 0;
  let due: { atMs: number; then: () => void }[] = [];
  const ended: string[] = [];
  const sessions = createSessions({
    clock: {
      tickMs: () => tickMs,
      after(delayMs, then) {
        const one = { atMs: tickMs + delayMs, then };
        due.push(one);
        return () => {
          due = due.filter((other) => other !== one);
        };
      },
    },
    newId: () => {
      count += 1;
      return `s${count}`;
    },
    serve() {
      const name = `server ${count + 1}`;
      const server = new Server({ name, version: '1' }, { capabilities: {} });
      return { server, onEnd: () => void ended.push(name) };
    },
  });
  function turn(byMs: number): void {
    const untilMs = tickMs + byMs;
    for (;;) {
      const [next] = due.sort((one, other) => one.atMs - other.atMs);
      if (next === undefined || next.atMs > untilMs) break;
      due = due.filter((other) => other !== next);
      tickMs = next.atMs;
      next.then();
    }
    tickMs = untilMs;
  }
  async function ask(message: object, session?: string): Promise<Response> {
    const response = await open(message, session);
    await response.text();
    leaving.get(response)?.abort();
    return response;
  }
  const leaving = new Map<Response, AbortController>();
  async function open(message: object | undefined, session?: string): Promise<Response> {
    const gone = new AbortController();
    const request = new Request('http://localhost/control/mcp', {
      method: message === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        accept: message === undefined ? 'text/event-stream' : 'application/json, text/event-stream',
        ...(session === undefined ? {} : { 'mcp-session-id': session }),
      },
      signal: gone.signal,
      ...(message === undefined ? {} : { body: JSON.stringify(message) }),
    });
    const response = await sessions.answer(request, message);
    assert.ok(response !== undefined);
    leaving.set(response, gone);
    return response;
  }
  const begin = () => ask({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  const ping = (session: string) => ask({ jsonrpc: '2.0', id: 2, method: 'ping' }, session);
  return {
    sessions,
    ended,
    turn,
    begin,
    ping,
    open,
    leave: (r: Response) => leaving.get(r)?.abort(),
  };
}

const params = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
};

test('a session nobody uses ends after half an hour; one with an open stream does not', async () => {
  const { turn, begin, ping, open, leave, ended } = hold();
  assert.equal((await begin()).headers.get('mcp-session-id'), 's1');
  await begin();
  const stream = await open(undefined, 's2');
  assert.equal(stream.status, 200);
  turn(hourMs / 4);
  assert.equal((await ping('s1')).status, 200);
  turn(hourMs);
  assert.equal((await ping('s1')).status, 404);
  assert.equal((await ping('s2')).status, 200);
  leave(stream);
  await stream.body?.cancel();
  turn(hourMs);
  assert.equal((await ping('s2')).status, 404);
  assert.deepEqual(ended, ['server 1', 'server 2']);
});

test('handshakes that come all at once begin no more sessions than there may be', async () => {
  const { sessions, begin } = hold();
  const responses = await Promise.all(Array.from({ length: 130 }, () => begin()));
  assert.ok(sessions.servers().length <= 100, `${sessions.servers().length} sessions`);
  assert.ok(responses.some(({ status }) => status === 503));
  sessions.close();
});

test('the session that was quiet longest makes room; when all are in use, a new one is refused', async () => {
  const { sessions, begin, ping, open, turn } = hold();
  for (let at = 1; at <= 100; at += 1) await begin();
  turn(1_000);
  await ping('s1');
  await begin();
  assert.equal(sessions.servers().length, 100);
  assert.equal((await ping('s2')).status, 404);
  assert.equal((await ping('s1')).status, 200);
  const ids = [1, ...Array.from({ length: 99 }, (_, at) => at + 3)];
  for (const id of ids) assert.equal((await open(undefined, `s${id}`)).status, 200);
  const refused = await begin();
  assert.equal(refused.status, 503);
  sessions.close();
  assert.equal(sessions.servers().length, 0);
});
