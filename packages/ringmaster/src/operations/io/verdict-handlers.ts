import { type Verdict, verdictOf } from '../../alerting/verdict.ts';
import { lastWordsOf } from '../../supervisor/last-words.ts';
import type { Handlers } from '../index.ts';
import type { ServerView } from '../servers.ts';
import type { HandlerNeeds } from './needs.ts';
import type { ServerTable } from './server-table.ts';

/** Handler of `fleet.verdict`. */
export function createVerdictHandlers(
  needs: HandlerNeeds,
  table: ServerTable,
): Pick<Handlers, 'fleet.verdict'> {
  return {
    async 'fleet.verdict'() {
      return verdictNow(needs, table.rows());
    },
  };
}

/** The verdict over these rows; everybody who tells it asks here. */
export function verdictNow(needs: HandlerNeeds, rows: readonly ServerView[]): Verdict {
  const { fleet } = needs.daemon.currentFleet();
  const specs = new Map(fleet.servers.map((spec) => [spec.name, spec]));
  const open = needs.alerting().open();
  const bad = open.filter(({ severity }) => severity !== 'info');
  const taken = bad.filter(({ acknowledged }) => acknowledged !== undefined).length;
  return verdictOf({
    ...{ nowMs: needs.clock.nowMs(), firing: bad.length - taken, taken },
    servers: rows.map((row) => ({
      ...row,
      needsSignIn: row.signIn?.state === 'needed' || row.signIn?.state === 'expired',
      lastWords: row.lastDeath === undefined ? undefined : lastWordsOf(row.lastDeath.lastLines),
      dependsOn: specs.get(row.server)?.dependsOn ?? [],
    })),
  });
}
