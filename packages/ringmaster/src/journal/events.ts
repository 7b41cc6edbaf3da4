import { z } from 'zod';

/** A question a server asks during a call; its content is never recorded. */
const askFields = {
  method: z.enum(['elicitation/create', 'sampling/createMessage', 'roots/list']),
  /** `forwarded` to a session, `parked` or `relayed` for a stateless client, `unfolded` for a session, or to `nobody`. */
  how: z.enum(['forwarded', 'parked', 'unfolded', 'relayed', 'nobody']),
  /** Tool or prompt, or URI. */
  name: z.string().optional(),
  session: z.string().optional(),
  client: z.string().optional(),
};

/** Of refusals: how often it happened since the event before that says the same, at least a minute ago; missing: once. */
const times = z.int().optional();

/** Ways by which operations are asked for; `cli` and `dashboard` are callers of the REST door that say what they are. */
export const doors = ['cli', 'dashboard', 'rest', 'control'] as const;

/** What an alert is about; figures are in the unit of its rule. */
const alertFields = {
  key: z.string(),
  rule: z.string(),
  severity: z.string(),
  why: z.string().optional(),
  value: z.number().optional(),
  threshold: z.number().optional(),
};

/**
 * Every kind of Event: a fact that happened, past tense, never changed. `subject` is the server (or `fleet`,
 * `daemon`) it is about; the fields of a kind are declared here once, with units.
 */
export const eventKinds = {
  'daemon.started': z.object({ pid: z.int(), version: z.string(), life: z.int(), port: z.int() }),
  'daemon.stopped': z.object({ why: z.string() }),
  'fleet.applied': z.object({
    revision: z.int(),
    file: z.string(),
    actions: z.array(z.object({ action: z.string(), server: z.string(), why: z.string() })),
  }),
  'fleet.rejected': z.object({ file: z.string(), problems: z.array(z.string()), times }),
  'instance.starting': z.object({
    index: z.int(),
    generation: z.int(),
    /** Not the first start in this life of the daemon. */
    isRestart: z.boolean(),
    why: z.string(),
  }),
  'instance.spawned': z.object({ index: z.int(), generation: z.int(), pid: z.int() }),
  'instance.ready': z.object({
    index: z.int(),
    generation: z.int(),
    pid: z.int().optional(),
    tookMs: z.number(),
  }),
  'instance.sick': z.object({ index: z.int(), generation: z.int(), why: z.string() }),
  'instance.stopping': z.object({ index: z.int(), generation: z.int(), why: z.string() }),
  'instance.died': z.object({
    index: z.int(),
    generation: z.int(),
    pid: z.int().optional(),
    exit: z.string(),
    code: z.int().optional(),
    signal: z.string().optional(),
    expected: z.boolean(),
    why: z.string(),
    lastLines: z.array(z.string()),
    next: z.string(),
  }),
  'instance.failed': z.object({
    index: z.int(),
    generation: z.int(),
    why: z.string(),
    nextTryInMs: z.number().optional(),
  }),
  'instance.stopped': z.object({ index: z.int(), generation: z.int(), why: z.string() }),
  'instance.asleep': z.object({ index: z.int(), generation: z.int(), why: z.string() }),
  'pool.scaled': z.object({ from: z.int(), to: z.int(), why: z.string() }),
  /** A process serves one client alone from now on. */
  'lease.began': z.object({ index: z.int(), session: z.string().optional() }),
  'lease.ended': z.object({ index: z.int(), session: z.string().optional(), why: z.string() }),
  'instance.adopted': z.object({ index: z.int(), generation: z.int(), pid: z.int() }),
  'instance.orphanEnded': z.object({ pid: z.int(), why: z.string() }),
  'instance.wanted': z.object({ wanted: z.enum(['running', 'stopped']), by: z.string() }),
  'instance.overLimit': z.object({
    index: z.int(),
    generation: z.int(),
    resource: z.enum(['memoryBytes', 'cpuPercent', 'processes']),
    /** In the unit of the setting. */
    value: z.number(),
    limit: z.number(),
    action: z.enum(['told', 'restarted', 'killed']),
    why: z.string(),
  }),
  'spawn.refused': z.object({ why: z.string(), times }),
  'record.unsaved': z.object({ why: z.string() }),
  'signIn.needed': z.object({ why: z.string() }),
  'signIn.done': z.object({ issuer: z.string(), scopes: z.array(z.string()) }),
  'signIn.ended': z.object({ issuer: z.string() }),
  'invariant.broken': z.object({ what: z.string() }),
  'call.finished': z.object({
    method: z.string(),
    name: z.string().optional(),
    session: z.string().optional(),
    client: z.string().optional(),
    outcome: z.enum(['ok', 'error', 'denied', 'late', 'cancelled', 'lost']),
    tookMs: z.number(),
    /** The part of it that the client was asked something; absent when it was not. */
    askedMs: z.number().optional(),
    why: z.string().optional(),
  }),
  /** A call that failed was made again, as that does no harm; its own end comes later. */
  'call.repeated': z.object({
    name: z.string().optional(),
    session: z.string().optional(),
    why: z.string(),
  }),
  'ask.asked': z.object({ ...askFields }),
  'ask.finished': z.object({
    ...askFields,
    outcome: z.enum(['answered', 'declined', 'expired', 'refused', 'withdrawn', 'lost']),
    tookMs: z.number(),
    why: z.string().optional(),
  }),
  /** A parked call whose client never came back; what became of the call is in its own `call.finished`. */
  'ask.abandoned': z.object({
    name: z.string().optional(),
    client: z.string().optional(),
    afterMs: z.number(),
    why: z.string(),
  }),
  'session.opened': z.object({
    session: z.string(),
    client: z.string().optional(),
    protocolVersion: z.string(),
  }),
  'session.closed': z.object({ session: z.string(), why: z.string() }),
  /** A session of an earlier life of the daemon goes on. */
  'session.restored': z.object({ session: z.string() }),
  'stream.resumed': z.object({
    session: z.string(),
    /** Messages the client had missed, and got now. */
    sent: z.int(),
    /** Some were not kept any more. */
    lost: z.boolean(),
  }),
  /** A client left so much unread that its stream was cut off; it may come back. */
  /** The connection of a client that does not read what waits for it; a stream, or any other answer. */
  'stream.cut': z.object({ unreadBytes: z.int(), why: z.string().optional() }),
  'catalogue.changed': z.object({ tools: z.int(), resources: z.int(), prompts: z.int() }),
  'name.collided': z.object({
    tool: z.string(),
    owner: z.string(),
    exposedAs: z.string().optional(),
  }),
  /** A client asked `find_tool` for tools; `found` of them were named to it. What it asked for is its own affair. */
  'tool.searched': z.object({
    found: z.int(),
    session: z.string().optional(),
    client: z.string().optional(),
  }),
  /** A server declares a list and answers with an error when asked for it. */
  'list.refused': z.object({ list: z.string(), code: z.int(), why: z.string() }),
  'tool.refused': z.object({ tool: z.string(), why: z.string(), times }),
  /**
   * Somebody asked for something that may change the world, and it ended. Reading is not recorded, nor are arguments:
   * they may hold secrets.
   */
  'operation.finished': z.object({
    operation: z.string(),
    door: z.enum(doors),
    /** What the asker calls itself, at most 100 characters: nothing proves it. */
    by: z.string(),
    /** Names it was asked about, at most 20. */
    about: z.array(z.string()),
    /** `unknown`: the daemon was killed in the middle of it; the next one tells. */
    outcome: z.enum(['done', 'refused', 'failed', 'unknown']),
    /** Missing where nobody saw it end. */
    tookMs: z.number().optional(),
    why: z.string().optional(),
    times,
  }),
  /** A daemon died in the middle of a benchmark; what the next one did about the settings it tried. */
  'benchmark.cutShort': z.object({
    outcome: z.enum(['undone', 'changedSince', 'failed']),
    why: z.string().optional(),
  }),
  'schedule.ran': z.object({
    schedule: z.string(),
    operation: z.string(),
    /** When it was due; missing when a person asked. */
    dueAtMs: z.number().optional(),
    /** Missing where nobody saw it end. */
    tookMs: z.number().optional(),
    /** `unknown`: the daemon was killed in the middle of it; the next one tells. */
    outcome: z.enum(['ok', 'failed', 'unknown']),
    why: z.string().optional(),
  }),
  'schedule.skipped': z.object({ schedule: z.string(), dueAtMs: z.number(), why: z.string() }),
  'health.checked': z.object({
    overall: z.enum(['healthy', 'degraded', 'unhealthy']),
    failing: z.array(z.string()),
    warning: z.array(z.string()),
  }),
  'alert.fired': z.object({ ...alertFields }),
  /** Its severity rose. */
  'alert.raised': z.object({ ...alertFields }),
  'alert.resolved': z.object({
    key: z.string(),
    rule: z.string(),
    severity: z.string(),
    firedAtMs: z.number(),
  }),
  'alert.acknowledged': z.object({ key: z.string(), by: z.string(), note: z.string() }),
  /** Whoever took it gave it back. */
  'alert.unacknowledged': z.object({ key: z.string(), by: z.string() }),
  'alert.silenced': z.object({
    id: z.string(),
    by: z.string(),
    note: z.string(),
    untilMs: z.number(),
  }),
  'alert.unsilenced': z.object({ id: z.string() }),
  /** The subject is the notifier; `alerts` are the keys it was told of. */
  'alert.notified': z.object({ alerts: z.array(z.string()) }),
  'alert.notifyFailed': z.object({
    alerts: z.array(z.string()),
    why: z.string(),
    /** Missing: it was given up. */
    nextTryInMs: z.number().optional(),
  }),
  /** A collector does not take what it is sent; told once, until it takes again. */
  'telemetry.failed': z.object({ signal: z.enum(['traces', 'metrics']), why: z.string() }),
  'telemetry.resumed': z.object({
    signal: z.enum(['traces', 'metrics']),
    /** Spans that were left out meanwhile; figures lose nothing, as the newest say all. */
    lost: z.int().optional(),
  }),
  'journal.dropped': z.object({ count: z.int() }),
} as const;

export type EventKind = keyof typeof eventKinds;
type EventFields<K extends EventKind> = z.output<(typeof eventKinds)[K]>;

/** An event as it is told to the journal; the journal adds the order. */
export type NewEvent = {
  [K in EventKind]: {
    readonly atMs: number;
    readonly kind: K;
    readonly subject: string;
  } & Readonly<EventFields<K>>;
}[EventKind];

/** An event as it is read back: `seq` rises by append order and never repeats. */
export type JournalEvent = NewEvent & { readonly seq: number };

/** Appends without waiting; written within 250 ms, dropped (and counted) only when its queue is full. */
export type Append = (event: NewEvent) => void;
