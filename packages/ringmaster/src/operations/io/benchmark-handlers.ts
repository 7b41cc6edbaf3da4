import { Problem } from '../../errors.ts';
import { secretSections, tellChange, undoPatch } from '../../fleet/entry-change.ts';
import { type LoadFigures, loadFiguresOf } from '../../reporting/load.ts';
import type { Handlers, InputOf, OutputOf } from '../index.ts';
import { forgetTrial, rememberTrial } from './cut-benchmarks.ts';
import type { HandlerNeeds } from './needs.ts';
import type { ServerTable } from './server-table.ts';

type Wish = InputOf<'advice.benchmark'>;
type Outcome = OutputOf<'advice.benchmark'>;
type Call = Parameters<HandlerNeeds['gateway']['callTool']>[0];

/** Most calls of one load; the times of all are kept until it is told. */
const callsMax = 100_000;
/** The first call may find the server starting, which is no part of the load. */
const warmUpTimeoutMs = 60_000;
/** Each call of the load. */
const callTimeoutMs = 30_000;

/** Handler of `advice.benchmark`: one at a time, as two would measure each other. */
export function createBenchmarkHandlers(
  needs: HandlerNeeds,
  table: ServerTable,
  advise: Handlers['advice.list'],
): Pick<Handlers, 'advice.benchmark'> {
  const { gateway, daemon, clock, journal } = needs;
  let isRunning = false;

  /** As many lanes as asked for, each calling again as soon as it is answered. */
  async function load(call: Call, { durationMs, concurrency }: Wish): Promise<LoadFigures> {
    const startedTickMs = clock.tickMs();
    const spentMs = () => clock.tickMs() - startedTickMs;
    const tookMs: number[] = [];
    let failed = 0;
    async function lane(): Promise<void> {
      while (spentMs() < durationMs && tookMs.length + failed < callsMax) {
        try {
          const answer = await gateway.callTool({ ...call, timeoutMs: callTimeoutMs });
          if (answer.result['isError'] === true) failed += 1;
          else tookMs.push(answer.tookMs);
        } catch {
          // Counted, and told as such: a server that fails under load is what the load is to find.
          failed += 1;
          // What fails at once must not keep everybody else from the daemon.
          await new Promise((done) => setImmediate(done));
        }
      }
    }
    await Promise.all(Array.from({ length: concurrency }, lane));
    return loadFiguresOf({ tookMs, failed, durationMs: spentMs() });
  }

  async function warmUp(call: Call): Promise<void> {
    const { result } = await gateway.callTool({ ...call, timeoutMs: warmUpTimeoutMs });
    if (result['isError'] !== true) return;
    const { server, tool } = call;
    const told = `Cannot measure "${server}": found an error as the answer of ${tool}, needed arguments it takes`;
    throw new Problem('bad_request', told);
  }

  function harmlessTool(server: string): string {
    const found = gateway.tools({ server, view: undefined }).find(({ definition }) => {
      const { annotations, inputSchema } = definition as Readonly<
        Record<string, Readonly<Record<string, unknown>> | undefined>
      >;
      const required = inputSchema?.['required'];
      const isFree = !Array.isArray(required) || required.length === 0;
      return annotations?.['readOnlyHint'] === true && isFree;
    });
    if (found !== undefined) return found.name;
    const told = `Cannot measure "${server}": found no tool that is marked read-only and needs no arguments, needed tool and arguments`;
    throw new Problem('bad_request', told);
  }

  async function suggested(server: string): Promise<Wish['patch']> {
    const { advice } = await advise({ rangeMs: 86_400_000 });
    return advice.find((one) => one.server === server && one.change !== undefined)?.change?.patch;
  }

  async function measure(wish: Wish): Promise<Outcome> {
    const { server, keep } = wish;
    const tool = wish.tool ?? harmlessTool(server);
    const call = { server, tool, arguments: wish.arguments };
    const patch = wish.patch ?? (await suggested(server)) ?? {};
    await warmUp(call);
    const before = await load(call, wish);
    const edit = (change: Readonly<Record<string, unknown>>) =>
      daemon.fleetFile.editEntry({ server, patch: change, dryRun: false }, 'advice.benchmark');
    const none = Object.keys(patch).length === 0;
    const wanted = { server, patch, dryRun: true };
    const { changes } = none
      ? { changes: [] }
      : await daemon.fleetFile.editEntry(wanted, 'advice.benchmark');
    const revision = () => daemon.currentFleet().fleet.revision;
    if (changes.length === 0)
      return { server, tool, before, changes: [], kept: false, revision: revision() };
    const undo = undoPatch(changes);
    await rememberTrial(journal, server, { patch, undo });
    let isMeasured = false;
    try {
      await edit(patch);
      await warmUp(call);
      const after = await load(call, wish);
      isMeasured = true;
      if (!keep) await edit(undo);
      const told = { server, tool, before, after, changes: changes.map(tellChange), kept: keep };
      return { ...told, revision: revision(), ...(keep ? { undo } : {}) };
    } finally {
      // Settings under which it cannot be measured are not kept, whatever was asked for.
      if (!isMeasured) await edit(undo);
      forgetTrial(journal, server);
    }
  }

  return {
    async 'advice.benchmark'(wish) {
      const { server } = wish;
      table.check([server]);
      const { kind } = table.spec(server);
      if (kind === 'remote' || kind === 'service') {
        const told = `Cannot measure "${server}": found a ${kind}, needed an MCP server that is run here`;
        throw new Problem('not_supported', told);
      }
      const secret = secretSections.find((section) => Object.hasOwn(wish.patch ?? {}, section));
      if (secret !== undefined) {
        const told = `Cannot try ${secret} of "${server}": its values may be secret, needed server.edit`;
        throw new Problem('not_supported', told);
      }
      if (isRunning)
        throw new Problem('server_busy', 'Cannot measure: found another benchmark that runs');
      isRunning = true;
      try {
        return await measure(wish);
      } finally {
        isRunning = false;
      }
    },
  };
}
