import type { Clock } from '../../clock.ts';
import type { AlertSettings } from '../../fleet/schema-alerts.ts';
import { type CallRollup, callsByServer, noCalls } from '../../journal/call-rollups.ts';
import type { JournalEvent, NewEvent } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import { type MetricSample, machineSubject } from '../../journal/metrics.ts';
import { finestStepMs } from '../../journal/rollups.ts';
import { type Facts, momentMs, type ServerFacts } from '../judge.ts';

/** A server as it is told to the alert desk. */
export type WatchedServer = Pick<
  ServerFacts,
  'server' | 'state' | 'wanted' | 'why' | 'needsSignIn'
>;

/** Where evidence comes from. */
export interface EvidenceNeeds {
  readonly clock: Clock;
  readonly journal: Pick<Journal, 'follow' | 'list' | 'readMetrics'>;
  readonly servers: () => Promise<readonly WatchedServer[]>;
  /** The newest samples, oldest first. */
  readonly recent: (subject: string, count: number) => readonly MetricSample[];
  /** Lines of level error or worse since then; rejects when the log cannot be read now. */
  readonly logErrors: (server: string, sinceMs: number) => Promise<number>;
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
/** Most samples the metering keeps. */
const samplesMax = 100;

/** Follows the journal from now on; `onTelling` hears that a look is worth while. */
export function createEvidence(needs: EvidenceNeeds, onTelling: () => void): Evidence {
  const { clock, journal, recent } = needs;
  let heard: JournalEvent[] = [];
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

  async function errorsOf(server: string, sinceMs: number): Promise<number | undefined> {
    // A log that cannot be read now says nothing, neither good nor bad.
    return needs.logErrors(server, sinceMs).catch(() => undefined);
  }

  return {
    async gather(settings) {
      const nowMs = clock.nowMs();
      const reachMs = Math.max(settings.crashLoop.withinMs, momentMs);
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
        const logErrors = await errorsOf(server.server, nowMs - momentMs);
        rows.push({ ...server, samples, logErrors, calls: calls.get(server.server) ?? noCalls });
      }
      const machine = recent(machineSubject, samplesMax);
      return { nowMs, machine, servers: rows, events: heard };
    },
    stop: unfollow,
  };
}
