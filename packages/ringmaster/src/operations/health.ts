import { z } from 'zod';
import { sayWhy } from '../japanese/say-why.ts';
import { operation } from './operation.ts';
import type { ServerView } from './servers.ts';

const result = z.enum(['pass', 'warn', 'fail']);
const check = z.object({
  check: z.string().describe('What was looked at; of a server: server:NAME'),
  result,
  tookMs: z.number().meta({ unit: 'ms' }),
  told: z
    .object({ en: z.string(), ja: z.string() })
    .describe('What was found, with the limit it was held against'),
});
export type HealthCheck = z.output<typeof check>;

const report = z.object({
  overall: z.enum(['healthy', 'degraded', 'unhealthy']),
  atMs: z.number().meta({ unit: 'ms since 1970' }),
  checks: z.array(check),
});
export type HealthReport = z.output<typeof report>;

/** What can be asked about the health of the whole. */
export const healthOperations = {
  'daemon.health': operation({
    summary: 'Check the daemon, its store, the machine, every wanted server and the logs',
    input: z.object({}),
    output: report,
    errors: [],
  }),
} as const;

/** A machine figure in per cent passes below 80, warns below 90 and fails from there on. */
const warnPercent = 80;
const failPercent = 90;
/** Errors a minute in the logs of all servers that are a burst. */
export const errorsPerMinuteMax = 10;

/** One failure makes the whole unhealthy, one warning degraded. */
export function overallOf(checks: readonly Pick<HealthCheck, 'result'>[]): HealthReport['overall'] {
  if (checks.some((one) => one.result === 'fail')) return 'unhealthy';
  return checks.some((one) => one.result === 'warn') ? 'degraded' : 'healthy';
}

/** The share of a processor is known when there are two samples, and other figures by then. */
const samplesNeeded = 2;

/**
 * A share of the machine against its limits; one that could not be had is a warning, never a pass. That a daemon has
 * not run for long enough to know it is neither.
 */
export function percentCheck(
  name: string,
  percent: number | undefined,
  samples: number,
): Omit<HealthCheck, 'tookMs'> {
  if (percent === undefined) {
    return samples < samplesNeeded
      ? {
          ...{ check: name, result: 'pass' },
          told: { en: 'not measured yet', ja: 'まだ測定されていません' },
        }
      : {
          ...{ check: name, result: 'warn' },
          told: { en: 'could not be measured', ja: '測定できませんでした' },
        };
  }
  const result = percent >= failPercent ? 'fail' : percent >= warnPercent ? 'warn' : 'pass';
  const found = `${Math.round(percent)} %`;
  const told = {
    en: `${found}, warns from ${warnPercent} %, fails from ${failPercent} %`,
    ja: `${found} (${warnPercent} % から注意、${failPercent} % から異常)`,
  };
  return { check: name, result, told };
}

const stateWords: Readonly<Record<ServerView['state'], string>> = {
  ...{ ready: '稼働中', starting: '起動中', sick: '不調', stopping: '停止処理中' },
  ...{ stopped: '停止', asleep: '休眠中', waiting: '再起動待ち', failed: '失敗' },
};

/** A wanted server by its state; undefined for one that is stopped as asked. */
export function serverCheck(
  server: Pick<ServerView, 'server' | 'state' | 'wanted' | 'why'>,
): Omit<HealthCheck, 'tookMs'> | undefined {
  const { state, wanted, why } = server;
  if (wanted === 'stopped') return undefined;
  const isFine = state === 'ready' || state === 'asleep';
  const isDown = state === 'failed' || state === 'waiting' || state === 'stopped';
  const told = (language: 'en' | 'ja') => {
    const word = language === 'ja' ? stateWords[state] : state;
    return why === '' ? word : `${word}: ${sayWhy(why, language)}`;
  };
  return {
    check: `server:${server.server}`,
    result: isFine ? 'pass' : isDown ? 'fail' : 'warn',
    told: { en: told('en'), ja: told('ja') },
  };
}
