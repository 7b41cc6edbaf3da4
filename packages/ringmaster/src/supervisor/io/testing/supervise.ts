import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../clock.ts';
import { Problem } from '../../../errors.ts';
import type { Fleet } from '../../../fleet/fleet.ts';
import { resolveFleet } from '../../../fleet/resolve.ts';
import { type FleetFileInput, fleetFileSchema } from '../../../fleet/schema.ts';
import type { NewEvent } from '../../../journal/events.ts';
import type { Conversations, ConversationTarget } from '../../conversation.ts';
import type { InstanceView } from '../../instance.ts';
import { writeDaemonRecord } from '../daemon-file.ts';
import { createSpawnGate } from '../gate.ts';
import { createPipeShop } from '../pipes.ts';
import { findMarked } from '../process-table.ts';
import { makeDataDir, nextLife, readOwner, runPaths } from '../state-file.ts';
import { createSupervisor, type SupervisorHands } from '../supervisor.ts';

/** Real time, as the daemon has it. */
const clock: Clock = {
  nowMs: () => Date.now(),
  tickMs: () => performance.now(),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A supervisor over a temporary data directory, with the smallest conversation there is: one `initialize`. */
export interface Supervised {
  readonly dataDir: string;
  readonly supervisor: SupervisorHands;
  readonly events: readonly NewEvent[];
  /** Starts every server of a fleet, and waits until each is ready, failed, or has died. */
  begin(fleet: Fleet): Promise<void>;
  /** Every pid that carries the mark of this data directory. */
  marked(): number[];
  view(server: string): InstanceView;
  /** Resolves when `test` holds; rejects after the deadline with what was seen last. */
  until(test: () => boolean, what: string, deadlineMs?: number): Promise<void>;
  /** Asks a stdio server for the result of one request. */
  ask(server: string, method: string, params?: unknown): Promise<unknown>;
}

export interface SuperviseOptions {
  readonly dataDir?: string;
  readonly orphanGraceMs?: number;
}

export function supervise(options: SuperviseOptions = {}): Supervised {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'ringmaster-'));
  const events: NewEvent[] = [];
  // As a daemon does before it starts anything: without, the guardian takes its servers for left behind.
  makeDataDir(dataDir);
  writeDaemonRecord(dataDir, { host: '127.0.0.1', port: 0, version: '0', file: '' });
  const talk = createTalk();
  const supervisor = createSupervisor({
    dataDir,
    clock,
    pipeShop: createPipeShop(runPaths(dataDir).pipes, nextLife(dataDir)),
    append: (event) => events.push(event),
    conversations: talk.conversations,
    chance: () => 0,
    variables: async () => ({ variables: process.env, fileEnvironment: {} }),
    orphanGraceMs: options.orphanGraceMs ?? 60_000,
    decided: () => undefined,
    onIntent: () => {},
    scaleOf: () => undefined,
    gate: createSpawnGate({
      ...{ clock, append: (event) => events.push(event) },
      policy: () => fleetFileSchema.parse({}).spawn,
      approved: () => undefined,
      remember: () => {},
    }),
  });
  const view = (server: string) => {
    const found = supervisor.views().find((one) => one.server === server);
    if (found === undefined) throw new Error(`no server ${server}`);
    return found;
  };
  async function until(isSo: () => boolean, what: string, deadlineMs = 60_000): Promise<void> {
    const giveUpAtMs = Date.now() + deadlineMs;
    while (!isSo()) {
      if (Date.now() > giveUpAtMs)
        throw new Error(
          `${what}: not within ${deadlineMs} ms; ${JSON.stringify(supervisor.views())}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  return {
    ...{ dataDir, supervisor, events, view, until },
    ask: talk.ask,
    async begin(fleet) {
      await supervisor.execute(fleet, startsOf(fleet), 'test');
      const isThere = ({ state }: InstanceView) => /ready|failed|waiting/.test(state);
      await until(() => supervisor.views().every(isThere), 'every server where it stays');
    },
    marked: () => {
      const owner = readOwner(dataDir);
      return owner === undefined ? [] : findMarked(`${owner}/`).map(({ pid }) => pid);
    },
  };
}

/** A fleet of these servers, as a file would give it. */
export function fleetOf(servers: FleetFileInput['servers'], revision = 1): Fleet {
  const resolved = resolveFleet(fleetFileSchema.parse({ servers }), {
    revision,
    baseDir: process.cwd(),
  });
  if (!resolved.ok) throw new Problem('fleet_invalid', JSON.stringify(resolved.problems));
  return resolved.fleet;
}

/** Actions that start every server of a fleet. */
function startsOf(fleet: Fleet) {
  return fleet.servers.map(({ name }) => ({ action: 'start' as const, server: name, why: 'test' }));
}

/** A guardian that was sent away while it started may still write its file; so this may take a few tries. */
const forgetTries = 20;

/** Removes what a test left. */
export function forget(dataDir: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      return rmSync(dataDir, { recursive: true, force: true });
    } catch (error) {
      if (tries === forgetTries) throw error;
    }
  }
}

function createTalk() {
  const open = new Map<string, ConversationTarget>();
  const waiting = new Map<number, (message: Record<string, unknown>) => void>();
  let nextId = 0;

  function request(target: ConversationTarget, method: string, params: unknown) {
    nextId = Math.max(nextId, target.firstRequestId);
    const id = nextId++;
    return new Promise<Record<string, unknown>>((resolve) => {
      waiting.set(id, resolve);
      target.channel?.send(JSON.stringify({ jsonrpc: '2.0', id, method, params: params ?? {} }));
    });
  }

  const conversations: Conversations = {
    async open(target) {
      open.set(target.server, target);
      target.channel?.onLine((line) => {
        const message = JSON.parse(line);
        waiting.get(message.id)?.(message);
        waiting.delete(message.id);
      });
      if (target.resume !== undefined) {
        target.channel?.send('');
        return target.resume;
      }
      const params = {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 't', version: '1' },
      };
      await request(target, 'initialize', params);
      target.channel?.send('{"jsonrpc":"2.0","method":"notifications/initialized"}');
      return { era: 'legacy', protocolVersion: '2025-06-18', result: {} };
    },
    probe: async () => {},
    inFlight: () => 0,
    noise: () => undefined,
    drain: async () => {},
    close: ({ server }) => void open.delete(server),
    expect: () => {},
    remembers: () => false,
    load: () => ({ waiting: 0, leasesWanted: 0, links: new Map(), pace: undefined }),
    onDemand: () => {},
  };
  return {
    conversations,
    async ask(server: string, method: string, params?: unknown): Promise<unknown> {
      const target = open.get(server);
      if (target === undefined) throw new Error(`no conversation with ${server}`);
      return (await request(target, method, params))['result'];
    },
  };
}
