import type { Handlers } from '../index.ts';
import { createAlertHandlers } from './alert-handlers.ts';
import { createAuditHandlers } from './audit-handlers.ts';
import { createBenchmarkHandlers } from './benchmark-handlers.ts';
import { createCallHandlers } from './call-handlers.ts';
import { createDaemonHandlers } from './daemon-handlers.ts';
import { createDiagnosisHandlers } from './diagnosis-handlers.ts';
import { createFleetHandlers } from './fleet-handlers.ts';
import { createHealthHandlers } from './health-handlers.ts';
import { createLogHandlers } from './log-handlers.ts';
import { createMetricHandlers } from './metric-handlers.ts';
import type { HandlerNeeds } from './needs.ts';
import { createOverviewHandlers } from './overview-handlers.ts';
import { createReportHandlers } from './report-handlers.ts';
import { createScheduleHandlers } from './schedule-handlers.ts';
import { createServerHandlers } from './server-handlers.ts';
import { createServerTable } from './server-table.ts';
import { createToolHandlers } from './tool-handlers.ts';
import { createVerdictHandlers } from './verdict-handlers.ts';

/** What every door calls: one handler for each operation, fed with input that its schema has checked. */
export function createHandlers(needs: HandlerNeeds): Handlers {
  const { journal } = needs;
  const table = createServerTable(needs);
  const logs = createLogHandlers(needs, table);
  const reports = createReportHandlers(needs);
  return {
    ...createDaemonHandlers(needs, table),
    ...createAlertHandlers(needs, table),
    ...createVerdictHandlers(needs, table),
    ...createServerHandlers(needs, table),
    ...logs,
    ...createMetricHandlers(needs, table),
    ...createAuditHandlers(needs),
    ...createCallHandlers(needs),
    ...createFleetHandlers(needs),
    ...createToolHandlers(needs, table),
    ...createOverviewHandlers(needs, table),
    ...createScheduleHandlers(needs),
    ...reports,
    ...createBenchmarkHandlers(needs, table, reports['advice.list']),
    ...createHealthHandlers(needs, table, logs['log.summary']),
    ...createDiagnosisHandlers(needs, table, logs['log.summary']),
    async 'event.list'({ subject, kind, beforeSeq, sinceMs, limit }) {
      const events = await journal.list({
        limit,
        ...(subject === undefined ? {} : { subject }),
        ...(kind === undefined ? {} : { kind }),
        ...(beforeSeq === undefined ? {} : { beforeSeq }),
        ...(sinceMs === undefined ? {} : { sinceMs }),
      });
      return { events };
    },
  };
}
