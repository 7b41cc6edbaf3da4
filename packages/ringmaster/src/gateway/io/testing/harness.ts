import { fileURLToPath } from 'node:url';
import type { Clock } from '../../../clock.ts';
import type { Fleet } from '../../../fleet/fleet.ts';
import { fleetFileSchema } from '../../../fleet/schema.ts';
import type { NewEvent } from '../../../journal/events.ts';
import type { ConversationTarget, Negotiated } from '../../../supervisor/conversation.ts';
import { createGateway } from '../gateway.ts';
import { createListener } from '../listener.ts';
import { type RunningProcess, runProcess } from './process-channel.ts';

/** The system's clock; its timers do not keep a test run alive. */
export const systemClock: Clock = {
  nowMs: Date.now,
  tickMs: () => performance.now(),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** Path of one of the project's test servers, with its arguments. */
export function testServer(name: string, ...args: readonly string[]): TestServer {
  const path = new URL(`../../../../../../tests/dist/servers/${name}.js`, import.meta.url);
  return { args: [fileURLToPath(path), ...args] };
}

/** A server of the test's fleet: a script with arguments, or an address. */
export interface TestServer {
  readonly args?: readonly string[];
  readonly url?: string;
  readonly era?: ConversationTarget['era'];
  readonly limits?: Partial<ConversationTarget['limits']>;
  /** Further settings of its entry in the fleet file. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A gateway behind a real listener, with real processes, and a stand-in for the supervisor that restarts nothing. */
export interface Harness {
  readonly url: string;
  readonly port: number;
  readonly gateway: ReturnType<typeof createGateway>;
  readonly events: NewEvent[];
  readonly facts: Map<string, unknown>;
  readonly processes: Map<string, RunningProcess>;
  /** Starts one more life of a server and opens its conversation. */
  start(server: string, more?: Partial<ConversationTarget>): Promise<Negotiated>;
  /** The fleet with other servers or settings. */
  fleetOf(
    servers: Readonly<Record<string, TestServer>>,
    settings?: Readonly<Record<string, unknown>>,
  ): Fleet;
  close(): Promise<void>;
}

const open = new Set<Harness>();

/** Closes what a test that failed has left open; its processes would keep the run from ending. */
export async function closeHarnesses(): Promise<void> {
  await Promise.all([...open].map((harness) => harness.close()));
}

/** Starts everything; servers are opened unless `startServers` is `later`. */
export async function startHarness(options: {
  readonly servers: Readonly<Record<string, TestServer>>;
  readonly fleet?: Readonly<Record<string, unknown>>;
  readonly startServers?: 'now' | 'later';
  /** What a dead server is about to do; `back` unless told. */
  readonly afterDeath?: 'back' | 'gone';
  readonly facts?: Map<string, unknown>;
}): Promise<Harness> {
  const events: NewEvent[] = [];
  const facts = options.facts ?? new Map<string, unknown>();
  const processes = new Map<string, RunningProcess>();
  const started: RunningProcess[] = [];
  const generations = new Map<string, number>();
  let isClosing = false;

  function fleetOf(servers: Readonly<Record<string, TestServer>>, settings = options.fleet): Fleet {
    const entries = Object.entries(servers).map(([name, server]) => [
      name,
      {
        ...(server.url === undefined ? { command: 'node' } : { url: server.url }),
        limits: server.limits ?? {},
        ...server.settings,
      },
    ]);
    const {
      fleet: name,
      servers: read,
      ...rest
    } = fleetFileSchema.parse({
      ...settings,
      servers: Object.fromEntries(entries),
    });
    return {
      ...rest,
      name,
      revision: 1,
      baseDir: '/',
      servers: Object.entries(read).map(([of, entry]) => ({
        ...entry,
        name: of,
        kind: entry.url === undefined ? ('stdio' as const) : ('remote' as const),
      })),
    };
  }

  const gateway = createGateway({
    clock: systemClock,
    append: (event) => events.push(event),
    recall: (kind, key) => facts.get(`${kind} ${key}`),
    recallAll: (kind) =>
      new Map(
        [...facts].flatMap(([key, value]) =>
          key.startsWith(`${kind} `) && value !== undefined
            ? [[key.slice(kind.length + 1), value] as const]
            : [],
        ),
      ),
    flushWithin: async () => true,
    remember: (kind, key, value) => void facts.set(`${kind} ${key}`, value),
    fleet: fleetOf(options.servers),
    version: '0.0.0',
    authorizerFor: () => undefined,
    beginTrace: () => undefined,
  });
  const listener = await createListener({
    host: '127.0.0.1',
    port: 0,
    holderOf: () => undefined,
    clock: systemClock,
    onCut: gateway.noteCut,
    handlers: {
      mcp: gateway.handle,
      sse: gateway.handleSse,
      others: (_request, response) => void response.writeHead(200).end('{}'),
      refuse: (response) => void response.writeHead(403).end('{}'),
    },
  });

  async function start(
    server: string,
    more: Partial<ConversationTarget> = {},
  ): Promise<Negotiated> {
    const { args, url, era = 'auto', limits = {} } = options.servers[server] ?? {};
    const generation = (generations.get(server) ?? 0) + 1;
    generations.set(server, generation);
    const process = url === undefined ? runProcess(args ?? []) : undefined;
    if (process !== undefined) {
      started.push(process);
      processes.set(server, process);
      void process.ended.then((how) => {
        if (isClosing) return;
        const expected = options.afterDeath ?? 'back';
        gateway.conversations.close({
          server,
          index: 0,
          generation,
          reason: how,
          expected,
          unread: [],
        });
      });
    }
    return gateway.conversations.open({
      server,
      index: 0,
      generation,
      kind: url === undefined ? 'stdio' : 'remote',
      channel: process?.channel,
      url,
      headers: {},
      era,
      launchHash: `hash of ${server}`,
      resume: undefined,
      firstRequestId: 1,
      startTimeoutMs: 30_000,
      limits: {
        callTimeoutMs: 60_000,
        waitMs: 60_000,
        maxInFlight: 100,
        maxMessageBytes: 10_000_000,
        ...limits,
      },
      ...more,
    });
  }

  async function close(): Promise<void> {
    if (isClosing) return;
    isClosing = true;
    open.delete(harness);
    await gateway.close();
    await listener.close();
    for (const process of started) process.kill('SIGKILL');
  }

  const harness: Harness = {
    url: `${listener.url}/mcp`,
    port: listener.port,
    gateway,
    events,
    facts,
    processes,
    start,
    fleetOf,
    close,
  };
  open.add(harness);
  if (options.startServers !== 'later') {
    const starting = Object.keys(options.servers).map((server) => start(server));
    await Promise.all(starting).catch(async (error: unknown) => {
      await close();
      throw error;
    });
  }
  return harness;
}
