import type { Clock } from '../../clock.ts';
import type { AlertSettings, Levels } from '../../fleet/schema-alerts.ts';
import { type CallRollup, callsByServer, noCalls } from '../../journal/call-rollups.ts';
import type { JournalEvent, NewEvent } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import { type MetricSample, machineSubject } from '../../journal/metrics.ts';
import { finestStepMs } from '../../journal/rollups.ts';
import { type Facts, type LogRule, momentMs, type ServerFacts } from '../judge.ts';

/** A server as it is told to the alert desk. */
export type WatchedServer = Pick<
  ServerFacts,
  'server' | 'state' | 'wanted' | 'why' | 'needsSignIn'
>;

/** Lines of a log since some moment. */
export interface LogCounts {
  /** Of level error or worse. */
  readonly errors: number;
  readonly critical: number;
}

/** Where evidence comes from. */
export interface EvidenceNeeds {
  readonly clock: Clock;
  readonly journal: Pick<Journal, 'follow' | 'list' | 'readMetrics'>;
  readonly servers: () => Promise<readonly WatchedServer[]>;
  /** Time between two samples. */
  readonly everyMs: () => number;
  /** The newest samples, oldest first. */
  readonly recent: (subject: string, count: number) => readonly MetricSample[];
  /** Rejects when the log cannot be read now. */
  readonly logCounts: (server: string, sinceMs: number) => Promise<LogCounts>;
}

/** Gathers what a look needs. */
export interface Evidence {
  gather(settings: AlertSettings): Promise<Omit<Facts, 'settings' | 'openAs'>>;
  stop(): void;
}

/** Kinds that may make or end an alert at once. */
const telling: ReadonlySet<NewEvent['kind']> = new Set([
  'instance.died',
  'instance.failed',
  'instance.sick',
  'instance.ready',
  'instance.overLimit',
  'instance.orphanEnded',
  'instance.wanted',
  'spawn.refused',
  'signIn.needed',
  'signIn.done',
  'name.collided',
  'fleet.rejected',
]);
/** Most events kept; a storm loses its oldest ones, and is a storm anyhow. */
const eventsMax = 1_000;
const dayMs = 86_400_000;
/** The log of a whole day is read so seldom. */
const dayCountEveryMs = 600_000;
/**
 * Two looks are this far apart at least: what they judge goes over minutes, and calls are counted in steps as long.
 * With 50 servers sampled every second, looks as frequent were two thirds of what the daemon did at rest.
 */
const betweenLooksMs = finestStepMs;
/**
 * And at most, however seldom samples are taken: calls, logs, silences and levels of escalation do not wait for them,
 * and the errors of a minute are looked for in every minute.
 */
const betweenLooksMostMs = 30_000;
/** Most samples the metering keeps. */
const samplesMax = 100;

/** Time between two looks for which nothing asks, ms. */
export function lookEveryMs(sampleMs: number): number {
  return Math.min(Math.max(sampleMs, betweenLooksMs), betweenLooksMostMs);
}

/** Follows the journal from now on; `onTelling` hears that a look is worth while. */
export function createEvidence(needs: EvidenceNeeds, onTelling: () => void): Evidence {
  const { clock, journal, recent } = needs;
  let heard: JournalEvent[] = [];
  /** When the errors of a day were counted, and how many there were, by server. */
  const dayCounts = new Map<string, { readonly atMs: number; readonly errors: number }>();
  const silentMs = createSilences(needs);
  let lookedAtMs = Number.POSITIVE_INFINITY;
  let past: Promise<void> | undefined;
  const unfollow = journal.follow((news) => {
    heard = [...heard, ...news].slice(-eventsMax);
    onTelling();
  }, telling);

  /** What an earlier life of the daemon saw still counts: a crash loop is one over a restart, too. */
  async function readPast(sinceMs: number): Promise<void> {
    const events = await journal.list({ kind: 'instance.', sinceMs, limit: eventsMax });
    const first = heard[0]?.seq ?? Number.POSITIVE_INFINITY;
    const older = events.filter(({ kind, seq }) => telling.has(kind) && seq < first);
    heard = [...older.reverse(), ...heard].slice(-eventsMax);
  }

  async function callsSince(fromMs: number, toMs: number): Promise<Map<string, CallRollup>> {
    const step = { stepMs: finestStepMs, metric: 'calls' };
    const history = await journal.readMetrics({ ...step, fromMs, toMs });
    return callsByServer(history.calls);
  }

  function countsSince(server: string, sinceMs: number): Promise<LogCounts | undefined> {
    // A log that cannot be read now says nothing, neither good nor bad.
    return needs.logCounts(server, sinceMs).catch(() => undefined);
  }

  async function errorsOfDay(server: string, nowMs: number): Promise<number | undefined> {
    const known = dayCounts.get(server);
    if (known !== undefined && Math.abs(nowMs - known.atMs) < dayCountEveryMs) return known.errors;
    const counted = await countsSince(server, nowMs - dayMs);
    if (counted !== undefined) dayCounts.set(server, { atMs: nowMs, errors: counted.errors });
    return counted?.errors;
  }

  async function logsOf(
    server: string,
    settings: AlertSettings,
    nowMs: number,
  ): Promise<ServerFacts['logs']> {
    const levels = (rule: LogRule): Levels => settings.servers[server]?.[rule] ?? settings[rule];
    const minute = await countsSince(server, nowMs - momentMs);
    const missedMs = Math.min(nowMs - lookedAtMs, dayMs);
    const isSeldom = levels('logCritical') !== false && missedMs > momentMs;
    const unseen = isSeldom ? await countsSince(server, nowMs - missedMs) : minute;
    return {
      logErrorsPerMinute: minute?.errors,
      logErrorsPerDay: levels('logErrorsPerDay') === false ? 0 : await errorsOfDay(server, nowMs),
      logCritical: unseen?.critical,
    };
  }

  return {
    async gather(settings) {
      const nowMs = clock.nowMs();
      const { crashLoop, flapping } = settings;
      const reachMs = Math.max(crashLoop.withinMs, flapping.withinMs, momentMs);
      past ??= readPast(nowMs - reachMs);
      await past;
      heard = heard.filter(({ atMs }) => atMs > nowMs - reachMs);
      const [servers, calls] = await Promise.all([
        needs.servers(),
        callsSince(nowMs - settings.windowMs, nowMs),
      ]);
      const rows: ServerFacts[] = [];
      // One log after the other: people who search must not find the searchers busy with us.
      for (const server of servers) {
        const samples = recent(server.server, samplesMax);
        const logs = await logsOf(server.server, settings, nowMs);
        rows.push({
          ...{ ...server, samples, logs, calls: calls.get(server.server) ?? noCalls },
          silentMs: silentMs(server.server, running.has(server.state)),
        });
      }
      lookedAtMs = nowMs;
      for (const name of dayCounts.keys())
        if (!rows.some(({ server }) => server === name)) dayCounts.delete(name);
      const machine = recent(machineSubject, samplesMax);
      const machineSilentMs = silentMs(machineSubject, true);
      const sampleMs = needs.everyMs();
      return { nowMs, sampleMs, machine, machineSilentMs, servers: rows, events: heard };
    },
    stop: unfollow,
  };
}

/** States in which a server that was measured once goes on being measured. */
const running: ReadonlySet<string> = new Set(['ready', 'sick']);

interface Silence {
  /** When the newest sample was taken. */
  readonly atMs: number;
  readonly silentMs: number;
  /** Of the newest look. */
  readonly tickMs: number;
}

/**
 * Tells for how long no new sample came, as far as looks were taken meanwhile: a machine that slept or a daemon that
 * was suspended measured nothing, and goes on with both. Undefined for what is not measured, such as a server
 * elsewhere.
 */
function createSilences({ clock, recent, everyMs }: EvidenceNeeds) {
  const heardOf = new Map<string, Silence>();
  return (subject: string, isRunning: boolean): number | undefined => {
    const newest = recent(subject, 1).at(-1);
    if (newest === undefined || !isRunning) {
      heardOf.delete(subject);
      return undefined;
    }
    const tickMs = clock.tickMs();
    const before = heardOf.get(subject);
    const isOld = before?.atMs === newest.atMs;
    const sinceMs = isOld ? Math.min(tickMs - before.tickMs, lookEveryMs(everyMs())) : 0;
    const silentMs = isOld ? before.silentMs + sinceMs : 0;
    heardOf.set(subject, { atMs: newest.atMs, silentMs, tickMs });
    return silentMs;
  };
}
