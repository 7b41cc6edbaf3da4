import type { AlertSettings, Levels, Severity } from '../fleet/schema-alerts.ts';
import { type CallRollup, slowerShare } from '../journal/call-rollups.ts';
import type { NewEvent } from '../journal/events.ts';
import type { MetricName, MetricSample } from '../journal/metrics.ts';
import { alertKey, type Finding, type Findings, machineName, type RuleName } from './alert.ts';
import { isWorse } from './alert-table.ts';

/** Rules about how much a server logs. */
export const logRules = ['logErrorsPerMinute', 'logErrorsPerDay', 'logCritical'] as const;
/** One of them. */
export type LogRule = (typeof logRules)[number];

/** One server at one moment, with what was measured of it in the window. */
export interface ServerFacts {
  readonly server: string;
  readonly state: string;
  readonly wanted: 'running' | 'stopped';
  readonly why: string;
  readonly needsSignIn: boolean;
  readonly samples: readonly MetricSample[];
  /** For so long nothing was measured of it, though something was before and it still runs; undefined: not known. */
  readonly silentMs?: number | undefined;
  /** Calls that finished in the window. */
  readonly calls: CallRollup;
  /** Lines of its log by rule; undefined where they could not be counted. */
  readonly logs: Readonly<Record<LogRule, number | undefined>>;
}

/** Everything a look is made of; events reach back as far as the settings ask about. */
export interface Facts {
  readonly nowMs: number;
  readonly settings: AlertSettings;
  readonly machine: readonly MetricSample[];
  readonly machineSilentMs?: number | undefined;
  /** Time between two samples. */
  readonly sampleMs: number;
  readonly servers: readonly ServerFacts[];
  readonly events: readonly NewEvent[];
  /** The severity in which an alert of this key is open, which lowers the thresholds up to that one. */
  readonly openAs: (key: string) => Severity | undefined;
}

/** Longest reason of an alert, in characters: it is told in messages and kept with those that wait. */
const whyMax = 300;

/** How long a thing that happened once counts as being so. */
export const momentMs = 60_000;

/** Shorter silences are none, however often samples are taken. */
const silenceMinMs = 60_000;

/** The worst first: the first level that is passed is the severity. */
const worstFirst = ['critical', 'high', 'warning'] as const;

/** Looks once at everything. Pure: what is done about it is decided in `alert-table.ts`. */
export function judge(facts: Facts): Findings {
  const wrong: Finding[] = [];
  const pending: Finding[] = [];
  const unknown = new Set<string>();
  const look: Look = {
    facts,
    add: (finding) => void (finding !== undefined && wrong.push(briefly(finding))),
    pend: (finding) => void (finding !== undefined && pending.push(finding)),
    miss: (rule, subject) => void unknown.add(alertKey({ rule, subject })),
  };
  for (const rule of ['cpuPercent', 'memoryPercent', 'diskPercent'] as const) {
    const levels = facts.settings[rule];
    judgeSamples(look, {
      rule,
      subject: machineName,
      samples: facts.machine,
      metric: rule,
      levels,
    });
  }
  judgeSilence(look, machineName, facts.machineSilentMs);
  for (const server of facts.servers) judgeServer(look, server);
  judgeMoments(look);
  return { wrong: oneForEachCause(wrong), pending, unknown };
}

/** The words of a server can be of any length; what no line can hold is a space. */
function briefly({ why, ...finding }: Finding): Finding {
  if (why === undefined) return finding;
  const text = why.slice(0, 4 * whyMax).replace(/[\p{Cc}\p{Cs}]+/gu, ' ');
  return { ...finding, why: text.length > whyMax ? `${text.slice(0, whyMax)}…` : text };
}

/** Of these a server that is down tells already: the same thing ended it, and stands in its `why`. */
const causesOfDeath: ReadonlySet<RuleName> = new Set(['sick', 'overLimit', 'spawnRefused']);

/** One cause, one alert: what a server died of is not told beside its death, but raises its severity. */
function oneForEachCause(wrong: readonly Finding[]): Finding[] {
  const down = new Map(
    wrong.flatMap((one) => (one.rule === 'down' ? [[one.subject, one] as const] : [])),
  );
  const isFolded = ({ rule, subject }: Finding) => causesOfDeath.has(rule) && down.has(subject);
  for (const cause of wrong.filter(isFolded)) {
    const death = down.get(cause.subject);
    if (death !== undefined && isWorse(cause.severity, death.severity))
      down.set(cause.subject, { ...death, severity: cause.severity });
  }
  return wrong.flatMap((one) => {
    if (one.rule === 'down') return down.get(one.subject) ?? one;
    return isFolded(one) ? [] : one;
  });
}

interface Look {
  readonly facts: Facts;
  readonly add: (finding: Finding | undefined) => void;
  /** The figure is over, but too little is known, or not for long enough. */
  readonly pend: (finding: Finding | undefined) => void;
  readonly miss: (rule: RuleName, subject: string) => void;
}

function judgeServer(look: Look, server: ServerFacts): void {
  const { facts } = look;
  const { settings } = facts;
  const subject = server.server;
  const own = settings.servers[subject] ?? {};
  judgeState(look, server);
  if (server.wanted === 'stopped') return;
  judgeSilence(look, subject, server.silentMs);
  judgeSamples(look, {
    ...{ rule: 'memoryBytes', metric: 'memoryBytes', subject, samples: server.samples },
    levels: own.memoryBytes ?? settings.memoryBytes,
  });
  if (server.calls.calls > 0) {
    const tell = server.calls.calls >= settings.minCalls ? look.add : look.pend;
    const failed = (100 * server.calls.failed) / server.calls.calls;
    const errors = own.errorPercent ?? settings.errorPercent;
    tell(passed(facts, { rule: 'errorPercent', subject, levels: errors }, () => failed));
    const latency = own.latencyMs ?? settings.latencyMs;
    tell(
      worst(facts, { rule: 'latencyMs', subject, levels: latency }, (threshold) => {
        const share = 100 * slowerShare(server.calls, threshold);
        return share > settings.callsPercent ? server.calls.maxMs : undefined;
      }),
    );
  }
  for (const rule of logRules) {
    const lines = server.logs[rule];
    const levels = own[rule] ?? settings[rule];
    if (lines === undefined) look.miss(rule, subject);
    else look.add(passed(facts, { rule, subject, levels }, () => lines));
  }
}

interface Rule {
  readonly rule: RuleName;
  readonly subject: string;
  readonly levels: Levels;
}

function judgeSamples(
  look: Look,
  rule: Rule & { readonly samples: readonly MetricSample[]; readonly metric: MetricName },
): void {
  const { settings, nowMs } = look.facts;
  if (rule.levels === false) return;
  const isMeant = ({ atMs, values }: MetricSample): boolean =>
    values[rule.metric] !== undefined && atMs > nowMs - settings.windowMs && atMs <= nowMs;
  /** Counted where they are: every server has a hundred samples, and none of them is worth a list. */
  function countFrom(threshold: number): number {
    let count = 0;
    for (const sample of rule.samples)
      if (isMeant(sample) && (sample.values[rule.metric] ?? 0) >= threshold) count += 1;
    return count;
  }
  const newest = rule.samples.findLast(isMeant)?.values[rule.metric];
  const all = countFrom(Number.NEGATIVE_INFINITY);
  const isEnough = all >= settings.minSamples;
  if (!isEnough) look.miss(rule.rule, rule.subject);
  const found = worst(look.facts, rule, (threshold) => {
    const isOver = (100 * countFrom(threshold)) / all > settings.samplesPercent;
    return isOver && isEnough ? newest : undefined;
  });
  if (found !== undefined) look.add(found);
  else if (newest !== undefined) look.pend(passed(look.facts, rule, () => newest));
}

/** Where samples stop coming nothing else would be noticed any more: the figures just stand still. */
function judgeSilence({ facts, add }: Look, subject: string, silentMs: number | undefined): void {
  const { missingSamples } = facts.settings;
  if (missingSamples === false || silentMs === undefined) return;
  // Where samples are a second apart, a busy machine is late with three of them now and then.
  if (silentMs < silenceMinMs) return;
  const missing = { value: Math.floor(silentMs / facts.sampleMs), threshold: missingSamples };
  if (missing.value >= missing.threshold)
    add({ rule: 'noSamples', subject, severity: 'warning', ...missing });
}

/** The finding of a figure that is simply compared. */
function passed(facts: Facts, rule: Rule, value: () => number): Finding | undefined {
  return worst(facts, rule, (threshold) => (value() >= threshold ? value() : undefined));
}

/** The finding of the worst level for which `over` gives a value. */
function worst(
  facts: Facts,
  { rule, subject, levels }: Rule,
  over: (threshold: number) => number | undefined,
): Finding | undefined {
  if (levels === false) return undefined;
  const openAs = facts.openAs(alertKey({ rule, subject }));
  for (const severity of worstFirst) {
    const threshold = levels[severity];
    if (threshold === undefined) continue;
    const isReached = openAs !== undefined && !isWorse(severity, openAs);
    const value = over(isReached ? lowered(rule, threshold, facts.settings.hysteresis) : threshold);
    if (value !== undefined) return { rule, subject, severity, value, threshold };
  }
  return undefined;
}

function lowered(rule: RuleName, threshold: number, hysteresis: number): number {
  // Five points of a small percentage would be all of it: an error rate of 2 % ends at 1.9 %.
  const isPoints = rule.endsWith('Percent') && threshold > 4 * hysteresis;
  return isPoints ? threshold - hysteresis : threshold * (1 - hysteresis / 100);
}

/** A server that dies is one alert whose severity rises: died, dies again and again, failed. */
function judgeState(look: Look, { server, state, wanted, why, needsSignIn }: ServerFacts): void {
  const { events, nowMs, settings } = look.facts;
  const subject = server;
  if (wanted === 'stopped') return;
  if (needsSignIn) {
    // Nothing else helps it, so nothing else is told of it.
    const severity = state === 'failed' ? 'critical' : 'warning';
    return look.add({ rule: 'signInNeeded', subject, severity, why });
  }
  const own = events.filter((event) => event.subject === server);
  const died = own.filter((event) => event.kind === 'instance.died' && !event.expected);
  const { withinMs, deaths: threshold } = settings.crashLoop;
  const value = died.filter(({ atMs }) => isWithin(atMs, nowMs, withinMs)).length;
  const down = { rule: 'down', subject, value, threshold } as const;
  const newest = died.at(-1);
  // One that runs again tells why it runs; the alert is about why it died.
  const ofDeath = newest !== undefined && 'why' in newest ? newest.why : why;
  if (state === 'failed') look.add({ ...down, severity: 'critical', why });
  else if (value >= threshold) look.add({ ...down, severity: 'high', why: ofDeath });
  else if (newest !== undefined && isWithin(newest.atMs, nowMs, momentMs) && state !== 'sick')
    look.add({ ...down, severity: 'warning', why: ofDeath });
  if (state === 'sick') look.add({ rule: 'sick', subject, severity: 'high', why });
  const { flapping } = settings;
  const sick = own
    .filter((event) => event.kind === 'instance.sick')
    .filter((event) => isWithin(event.atMs, nowMs, flapping.withinMs));
  const times = { value: sick.length, threshold: flapping.times };
  if (times.value >= times.threshold)
    look.add({ rule: 'flapping', subject, severity: 'high', ...times, why: sick.at(-1)?.why });
}

/** Things that happen once: an alert for a minute, and then as long as the cool-down says. */
const moments: Readonly<
  Partial<Record<NewEvent['kind'], { readonly rule: RuleName; readonly severity: Severity }>>
> = {
  'instance.overLimit': { rule: 'overLimit', severity: 'warning' },
  'spawn.refused': { rule: 'spawnRefused', severity: 'high' },
  'name.collided': { rule: 'nameCollided', severity: 'info' },
  'instance.orphanEnded': { rule: 'orphanEnded', severity: 'info' },
  'fleet.rejected': { rule: 'fleetRejected', severity: 'warning' },
};

function judgeMoments({ facts, add }: Look): void {
  const newest = new Map<string, Finding>();
  for (const event of facts.events) {
    const moment = moments[event.kind];
    if (moment === undefined || !isWithin(event.atMs, facts.nowMs, momentMs)) continue;
    const subject = event.kind === 'fleet.rejected' ? machineName : event.subject;
    const finding = { ...moment, subject, why: whyOf(event) };
    newest.set(alertKey(finding), finding);
  }
  for (const finding of newest.values()) add(finding);
}

function whyOf(event: NewEvent): string {
  if ('why' in event && event.why !== undefined) return event.why;
  if (event.kind === 'fleet.rejected') return event.problems[0] ?? '';
  return event.kind === 'name.collided' ? `${event.tool} is of ${event.owner} already` : '';
}

function isWithin(atMs: number, nowMs: number, lengthMs: number): boolean {
  // What seems to lie ahead was recorded before the clock was set back, so it is not old.
  return nowMs - atMs <= lengthMs;
}
