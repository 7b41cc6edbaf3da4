import { messageChain } from '../../errors.ts';
import { machineSubject } from '../../journal/metrics.ts';
import {
  errorsPerMinuteMax,
  type HealthCheck,
  type HealthReport,
  overallOf,
  percentCheck,
  serverCheck,
} from '../health.ts';
import type { Handlers } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';
import type { ServerTable } from './server-table.ts';

/** Logs of this long are looked through for bursts of errors. */
const logsMs = 600_000;
const minuteMs = 60_000;
/** A journal that does not take what happened in so long cannot be written now. */
const writtenWithinMs = 2_000;

/** Handler of `daemon.health`. */
export function createHealthHandlers(
  needs: HandlerNeeds,
  table: ServerTable,
  summarise: Handlers['log.summary'],
): Pick<Handlers, 'daemon.health'> {
  const { clock, journal, metering } = needs;

  async function timed(
    name: string,
    look: () => Promise<Omit<HealthCheck, 'tookMs' | 'check'>>,
  ): Promise<HealthCheck> {
    const startedTickMs = clock.tickMs();
    const tookMs = (): number => Math.round((clock.tickMs() - startedTickMs) * 10) / 10;
    try {
      return { check: name, ...(await look()), tookMs: tookMs() };
    } catch (error) {
      const why = messageChain(error);
      return { check: name, result: 'fail', told: { en: why, ja: why }, tookMs: tookMs() };
    }
  }

  async function lookAtStore() {
    if (!(await journal.flushWithin(writtenWithinMs)))
      return {
        result: 'fail',
        told: {
          en: 'the journal cannot be written: what happens is kept in memory until it can',
          ja: 'ジャーナルに書き込めません。書き込めるまで、出来事はメモリーに保持されます',
        },
      } as const;
    await journal.list({ limit: 1 });
    const told = {
      en: 'the journal can be written and read',
      ja: 'ジャーナルを読み書きできます',
    };
    return { result: 'pass', told } as const;
  }

  async function lookAtLogs() {
    const { servers } = await summarise({ sinceMs: clock.nowMs() - logsMs });
    const errors = servers.reduce(
      (sum, { counts }) => sum + (counts.error ?? 0) + (counts.critical ?? 0),
      0,
    );
    const perMinute = errors / (logsMs / minuteMs);
    const minutes = logsMs / minuteMs;
    const told = {
      en: `${errors} errors in ${minutes} min, warns above ${errorsPerMinuteMax} a minute`,
      ja: `${minutes} 分間のエラーは ${errors} 件 (1 分に ${errorsPerMinuteMax} 件を超えると注意)`,
    };
    return { result: perMinute > errorsPerMinuteMax ? 'warn' : 'pass', told } as const;
  }

  /** A timer that comes late says that the daemon itself is too busy to answer in time. */
  function lookAtDaemon(): Promise<Omit<HealthCheck, 'tookMs' | 'check'>> {
    const startedTickMs = clock.tickMs();
    return new Promise((resolve) => {
      setImmediate(() => {
        const lateMs = Math.round(clock.tickMs() - startedTickMs);
        const result = lateMs >= 1_000 ? 'fail' : lateMs >= 200 ? 'warn' : 'pass';
        resolve({
          result,
          told: {
            en: `answers after ${lateMs} ms, warns from 200, fails from 1000`,
            ja: `${lateMs} ミリ秒で応答 (200 から注意、1000 から異常)`,
          },
        });
      });
    });
  }

  return {
    async 'daemon.health'(): Promise<HealthReport> {
      const samples = metering.recent(machineSubject, 2);
      const machine = samples.at(-1)?.values ?? {};
      const percent = (name: string, value: number | undefined) =>
        percentCheck(name, value, samples.length);
      const instant = { tookMs: 0 };
      const timedChecks = await Promise.all([
        timed('daemon', lookAtDaemon),
        timed('store', lookAtStore),
        timed('logErrors', lookAtLogs),
      ]);
      const checks = [
        ...timedChecks,
        { ...percent('cpu', machine.cpuPercent), ...instant },
        { ...percent('memory', machine.memoryPercent), ...instant },
        { ...percent('disk', machine.diskPercent), ...instant },
        ...table.rows().flatMap((row) => {
          const checked = serverCheck(row);
          return checked === undefined ? [] : [{ ...checked, ...instant }];
        }),
      ];
      return { overall: overallOf(checks), atMs: clock.nowMs(), checks };
    },
  };
}
