import { z } from 'zod';
import type { AlertLanguage } from './sentences.ts';

/** What the verdict is made of: servers as everybody sees them, and on what they depend. */
export interface VerdictServer {
  readonly server: string;
  readonly state: string;
  readonly wanted: 'running' | 'stopped';
  readonly why: string;
  readonly sinceMs: number;
  readonly restarts: number;
  readonly nextTryAtMs?: number | undefined;
  readonly needsSignIn: boolean;
  readonly lastWords?: string | undefined;
  readonly dependsOn: readonly string[];
}

const told = z.object({ en: z.string(), ja: z.string() });

/** What a person can do about a server in trouble. */
const reasonActs = ['signIn', 'readLog', 'see', 'diagnose', 'start', 'restart'] as const;
type ReasonAct = (typeof reasonActs)[number];

/** One cause of trouble. */
export const reasonRow = z.object({
  server: z.string(),
  state: z.enum(['failed', 'sick', 'waiting']),
  why: z.string(),
  sinceMs: z.number().meta({ unit: 'ms since 1970' }),
  quote: z.string().optional().describe('The last line it wrote; never translated'),
  done: told.describe('What Ringmaster did about it'),
  restarts: z.int().describe('Starts after the first'),
  nextTryAtMs: z.number().optional().meta({ unit: 'ms since 1970' }),
  move: told.describe('What a person can do'),
  acts: z.array(z.enum(reasonActs)).min(1).describe('The same as acts, the best first'),
  folded: z.array(z.string()).describe('Servers in trouble only because of this one'),
});
export type ReasonRow = z.output<typeof reasonRow>;

/** Whether anything is wrong, and what. */
export const verdictView = z.object({
  nowMs: z.number().meta({ unit: 'ms since 1970' }),
  isGood: z.boolean(),
  verdict: told,
  ready: z.int(),
  servers: z.int(),
  firing: z.int().describe('Alerts worse than info that are open and not acknowledged'),
  taken: z.int().describe('Alerts worse than info that are open and acknowledged'),
  reasons: z.array(reasonRow),
});
export type Verdict = z.output<typeof verdictView>;

/** The order of reason rows: the worst state first, then the longest. */
const stateOrder = ['failed', 'sick', 'waiting'] as const;
/** Servers that came into trouble so soon after one they depend on have no cause of their own. */
const foldMs = 60_000;

/** The one sentence about the whole fleet, and a row for each cause of trouble. */
export function verdictOf(facts: {
  readonly nowMs: number;
  readonly servers: readonly VerdictServer[];
  readonly firing: number;
  readonly taken: number;
}): Verdict {
  const { nowMs, servers, firing, taken } = facts;
  const reasons = reasonsOf(servers);
  const ready = servers.filter(({ state }) => state === 'ready' || state === 'asleep').length;
  const needing = reasons.reduce((sum, { folded }) => sum + 1 + folded.length, 0);
  const isGood = needing === 0 && firing === 0;
  const verdict = sentenceOf({ needing, firing, ready, count: servers.length });
  return { nowMs, isGood, verdict, ready, servers: servers.length, firing, taken, reasons };
}

function sentenceOf(count: {
  readonly needing: number;
  readonly firing: number;
  readonly ready: number;
  readonly count: number;
}): Verdict['verdict'] {
  const { needing, firing, ready, count: all } = count;
  if (all === 0)
    return {
      en: 'No server is in this fleet yet.',
      ja: 'このフリートにはまだサーバーがありません。',
    };
  if (needing > 0)
    return {
      en: needing === 1 ? '1 server needs you.' : `${needing} servers need you.`,
      ja: `${needing}台が対応待ちです。`,
    };
  if (firing > 0)
    return {
      en: firing === 1 ? '1 alert is firing.' : `${firing} alerts are firing.`,
      ja: `${firing}件のアラートが発生中です。`,
    };
  if (ready < all)
    return {
      en: `Nothing needs you. ${ready} of ${all} servers are ready.`,
      ja: `対応が必要なものはありません。${all}台中${ready}台が稼働中です。`,
    };
  return {
    en: all === 1 ? 'The one server is ready.' : `All ${all} servers are ready.`,
    ja: all === 1 ? 'サーバー1台が稼働中です。' : `${all}台すべて稼働中です。`,
  };
}

/** One row a cause: what is in trouble only because of another stands folded under that one. */
export function reasonsOf(servers: readonly VerdictServer[]): ReasonRow[] {
  const troubled = servers
    .filter((server) => server.wanted === 'running' && stateOf(server) !== undefined)
    .sort(
      (one, other) =>
        rank(one) - rank(other) ||
        one.sinceMs - other.sinceMs ||
        (one.server < other.server ? -1 : 1),
    );
  const byName = new Map(troubled.map((server) => [server.server, server]));
  const folded = new Map<string, string[]>();
  for (const server of troubled) {
    const root = rootOf(server, byName);
    if (root !== server.server) folded.set(root, [...(folded.get(root) ?? []), server.server]);
  }
  const hidden = new Set([...folded.values()].flat());
  return troubled.flatMap((server) => {
    const state = stateOf(server);
    if (state === undefined || hidden.has(server.server)) return [];
    return {
      ...{ server: server.server, state, why: server.why, sinceMs: server.sinceMs },
      ...(server.lastWords === undefined ? {} : { quote: server.lastWords }),
      ...{ done: doneOf(server), restarts: server.restarts, nextTryAtMs: server.nextTryAtMs },
      ...{ acts: [...actsOf(server)], move: moveOf(server) },
      folded: folded.get(server.server) ?? [],
    };
  });
}

/** The troubled server that this one's trouble comes from; itself if from none. */
function rootOf(server: VerdictServer, byName: ReadonlyMap<string, VerdictServer>): string {
  let root = server;
  const seen = new Set([server.server]);
  for (;;) {
    const cause = root.dependsOn
      .map((name) => byName.get(name))
      .find(
        (one) =>
          one !== undefined &&
          !seen.has(one.server) &&
          isEarlier(one, root) &&
          (root.state === 'waiting' || root.sinceMs - one.sinceMs <= foldMs),
      );
    if (cause === undefined) return root.server;
    seen.add(cause.server);
    root = cause;
  }
}

/** Of two of the same moment one must be first, or two that need each other would both be hidden. */
function isEarlier(one: VerdictServer, other: VerdictServer): boolean {
  if (one.sinceMs !== other.sinceMs) return one.sinceMs < other.sinceMs;
  return one.server < other.server;
}

function stateOf({ state }: VerdictServer): ReasonRow['state'] | undefined {
  return stateOrder.find((one) => one === state);
}

function rank(server: VerdictServer): number {
  return stateOrder.indexOf(stateOf(server) ?? 'waiting');
}

function doneOf({ restarts, nextTryAtMs, state }: VerdictServer): ReasonRow['done'] {
  const en =
    restarts === 0 ? [] : [restarts === 1 ? 'Restarted once.' : `Restarted ${restarts} times.`];
  const ja = restarts === 0 ? [] : [`${restarts} 回再起動しました。`];
  if (nextTryAtMs !== undefined) {
    en.push('Tries again by itself.');
    ja.push('自動で再試行します。');
  } else if (state !== 'failed') {
    en.push('Watches it.');
    ja.push('監視しています。');
  }
  return { en: en.join(' '), ja: ja.join('') };
}

/** By state, the best first; who must sign in can do little else. */
function actsOf({ state, needsSignIn }: VerdictServer): readonly ReasonAct[] {
  if (needsSignIn) return ['signIn', 'readLog', 'restart'];
  if (state === 'failed') return ['readLog', 'diagnose', 'start'];
  return state === 'sick' ? ['see', 'diagnose', 'restart'] : ['see', 'readLog', 'start'];
}

/** The best act as a command; the same in both languages but for the words around it. */
function moveOf(server: VerdictServer): ReasonRow['move'] {
  const name = server.server;
  const [best] = actsOf(server);
  if (best === 'signIn') return move(`ringmaster login ${name}`, 'Sign in', 'サインイン');
  if (best === 'readLog') return move(`ringmaster logs ${name}`, 'Read its log', 'ログを確認');
  return move(`ringmaster status ${name}`, 'Look closer', '詳細を確認');
}

function move(command: string, en: string, ja: string): Record<AlertLanguage, string> {
  return { en: `${en}: ${command}`, ja: `${ja}: ${command}` };
}
