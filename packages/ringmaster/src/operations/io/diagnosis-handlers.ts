import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { sayWhy } from '../../japanese/say-why.ts';
import { exitText } from '../diagnosis.ts';
import { type DiagnosisFacts, findCause } from '../find-cause.ts';
import type { Handlers } from '../index.ts';
import { sayCause, sayNextTry } from '../say-cause.ts';
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
  { clock, daemon, journal, supervisor }: HandlerNeeds,
  table: ServerTable,
  summarise: Handlers['log.summary'],
): Pick<Handlers, 'server.diagnose'> {
  return {
    async 'server.diagnose'({ server, language }) {
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
        hasCommandFile: hasFile(daemon.currentFleet().fleet.baseDir, spec.command),
      };
      const say = (text: string) => sayWhy(text, language);
      const { cause, certainty, evidence } = findCause(facts);
      const { told, next } = sayCause(cause, server, language);
      const inMs = row.nextTryAtMs === undefined ? undefined : row.nextTryAtMs - clock.nowMs();
      return {
        ...{ server, state: row.state, why: say(row.why) },
        ...{ cause, told, certainty, evidence: evidence.map(say), next: [...next] },
        deaths: deaths.slice(0, tellMost).map(({ atMs, why }, at) => ({
          atMs,
          exit: say(at === 0 && row.lastDeath !== undefined ? exitText(row.lastDeath.exit) : why),
          why: say(why),
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
        done: sayNextTry({ inMs, deaths: deaths.length }, language),
      };
    },
  };
}

/** Whether a command with a slash names a file, from the folder of the fleet file on; others are looked up in PATH. */
function hasFile(baseDir: string, command: string | undefined): boolean {
  if (command?.includes('/') !== true) return false;
  try {
    accessSync(resolve(baseDir, command), constants.F_OK);
    return true;
  } catch {
    // Not there, or not to be seen: the same for who wants to run it.
    return false;
  }
}
