import { verdictOf } from '../../alerting/verdict.ts';
import type { Handlers } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';
import type { ServerTable } from './server-table.ts';

/** Handler of `fleet.verdict`. */
export function createVerdictHandlers(
  needs: HandlerNeeds,
  table: ServerTable,
): Pick<Handlers, 'fleet.verdict'> {
  return {
    async 'fleet.verdict'() {
      const { fleet } = needs.daemon.currentFleet();
      const specs = new Map(fleet.servers.map((spec) => [spec.name, spec]));
      const open = needs.alerting().open();
      return verdictOf({
        nowMs: needs.clock.nowMs(),
        firing: open.filter(
          ({ acknowledged, severity }) => acknowledged === undefined && severity !== 'info',
        ).length,
        servers: table.rows().map((row) => ({
          ...row,
          needsSignIn: row.signIn?.state === 'needed' || row.signIn?.state === 'expired',
          lastLine: row.lastDeath?.lastLines.at(-1),
          dependsOn: specs.get(row.server)?.dependsOn ?? [],
        })),
      });
    },
  };
}
