import { totalmem } from 'node:os';
import { machineSubject } from '../../journal/metrics.ts';
import { finestStepMs } from '../../journal/rollups.ts';
import type { Handlers } from '../index.ts';
import { buildOverview, recentMs } from '../overview.ts';
import { createLastHour } from './last-hour.ts';
import type { HandlerNeeds } from './needs.ts';
import type { ServerTable } from './server-table.ts';
import { verdictNow } from './verdict-handlers.ts';

/** Handler of `fleet.overview`. */
export function createOverviewHandlers(
  needs: HandlerNeeds,
  table: ServerTable,
): Pick<Handlers, 'fleet.overview'> {
  const { journal, clock, daemon, gateway, metering, standings } = needs;
  const readLastHour = createLastHour({ journal, clock });
  return {
    async 'fleet.overview'({ rangeMs }) {
      const nowMs = clock.nowMs();
      const recentRange = { stepMs: finestStepMs, fromMs: nowMs - recentMs, toMs: nowMs };
      const [known, hour, recent] = await Promise.all([
        standings(),
        readLastHour(),
        journal.readMetrics({ ...recentRange, metric: 'calls' }),
      ]);
      const seq = journal.newestSeq();
      const rows = table.rows();
      const built = buildOverview({
        ...{ nowMs, rangeMs, hour, recent, rows, standings: known },
        alerts: needs.alerting().open(),
      });
      const { fleet } = daemon.currentFleet();
      const newest = metering.recent(machineSubject, 1)[0]?.values ?? {};
      return {
        ...built,
        ...{ nowMs, seq, fleet: fleet.name, revision: fleet.revision },
        verdict: verdictNow(needs, rows),
        sessions: gateway.sessionCount(),
        machine: {
          ...built.machine,
          cpuPercent: newest.cpuPercent,
          memoryUsedBytes: newest.memoryUsedBytes,
          memoryTotalBytes: totalmem(),
          diskPercent: newest.diskPercent,
        },
      };
    },
  };
}
