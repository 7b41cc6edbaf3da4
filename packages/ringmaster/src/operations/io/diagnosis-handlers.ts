import { type DiagnosisFacts, exitText, findCause } from '../diagnosis.ts';
import type { Handlers } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';
import type { ServerTable } from './server-table.ts';

/** Lines that are looked through for a cause. */
const linesRead = 200;
/** Events of a server that are looked through. */
const eventsRead = 50;
/** Deaths and kinds of errors that are told. */
const tellMost = 3;
const hourMs = 3_600_000;

/** Handler of `server.diagnose`. */
export function createDiagnosisHandlers(
  { clock, journal, supervisor }: HandlerNeeds,
  table: ServerTable,
  summarise: Handlers['log.summary'],
): Pick<Handlers, 'server.diagnose'> {
  return {
    async 'server.diagnose'({ server }) {
      const row = table.row(server);
      const spec = table.spec(server);
      const sinceMs = clock.nowMs() - hourMs;
      const [events, log, summary] = await Promise.all([
        journal.list({ subject: server, kind: 'instance.', limit: eventsRead }),
        supervisor.readLog(server, { lines: linesRead }),
        summarise({ servers: [server], sinceMs }),
      ]);
      const deaths = events.flatMap((event) => (event.kind === 'instance.died' ? [event] : []));
      const limit = events.find(
        (event) => event.kind === 'instance.overLimit' && event.action !== 'told',
      );
      const dying = row.lastDeath?.lastLines ?? [];
      const facts: DiagnosisFacts = {
        row,
        // What it wrote as it died tells more than what the log holds; a service may have written nothing there.
        lines: dying.length > 0 ? dying : log.lines,
        overLimit: limit?.kind === 'instance.overLimit' ? limit.why : undefined,
      };
      const nextTry = row.nextTryAtMs === undefined ? undefined : row.nextTryAtMs - clock.nowMs();
      return {
        ...{ server, state: row.state, why: row.why },
        ...findCause(facts),
        deaths: deaths.slice(0, tellMost).map(({ atMs, why }, at) => ({
          atMs,
          exit: at === 0 && row.lastDeath !== undefined ? exitText(row.lastDeath.exit) : why,
          why,
        })),
        topErrors: (summary.servers[0]?.topErrors ?? [])
          .slice(0, tellMost)
          .map(({ shape, count }) => ({ shape, count })),
        config: {
          command: spec.command,
          args: [...spec.args],
          cwd: spec.cwd,
          env: Object.keys(spec.env),
          url: spec.url,
        },
        done:
          nextTry === undefined
            ? 'Nothing is due'
            : `Started again in ${Math.max(0, Math.round(nextTry / 1000))} s; ${deaths.length} deaths lately`,
      };
    },
  };
}
