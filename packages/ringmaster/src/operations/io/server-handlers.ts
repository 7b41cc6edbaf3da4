import { asProblem, messageChain, Problem } from '../../errors.ts';
import { tellChange } from '../../fleet/entry-change.ts';
import { serversOfProfile } from '../../fleet/profiles.ts';
import { poolMax } from '../../supervisor/pool.ts';
import type { Handlers, InputOf } from '../index.ts';
import { inParallel } from './in-parallel.ts';
import type { HandlerNeeds } from './needs.ts';
import type { ServerTable } from './server-table.ts';

/** Most servers that are started, stopped or restarted at once by one request. */
const maxAtOnce = 8;

type Change = 'start' | 'stop' | 'restart' | 'reload';
type ServerHandlers = Pick<
  Handlers,
  `server.${'list' | 'get' | 'add' | 'edit' | 'remove' | 'scale' | 'signal' | 'sendInput' | 'approve' | 'login' | 'logout' | Change}`
>;

/** Handlers of the noun `server`: to look at them, to start, stop and restart them. */
export function createServerHandlers(needs: HandlerNeeds, table: ServerTable): ServerHandlers {
  const { supervisor, daemon, journal } = needs;

  async function change(what: Change, input: InputOf<'server.start' | 'server.reload'>) {
    const asked = [...new Set([...chosen(what, input.servers), ...ofProfile(input.profile)])];
    if (input.servers.length === 0 && input.profile === undefined)
      throw new Problem('bad_request', `Cannot ${what}: found neither servers nor a profile`);
    const names = 'leaveStopped' in input && input.leaveStopped ? asked.filter(isWanted) : asked;
    const changing = inParallel(names, maxAtOnce, (server) => supervisor[what](server, 'operator'));
    if (input.wait) {
      const failures = await changing;
      if (failures.length > 0) throw failed(what, failures);
    }
    // Without `wait` nobody hears of a failure here: the journal and the state of the server tell it.
    return { servers: table.rows().filter((row) => names.includes(row.server)) };
  }

  function ofProfile(profile: string | undefined): readonly string[] {
    if (profile === undefined) return [];
    const { fleet } = daemon.currentFleet();
    const servers = serversOfProfile(fleet, profile);
    if (servers !== undefined) return servers.map(({ name }) => name);
    const known = Object.keys(fleet.profiles).join(', ') || 'none';
    throw new Problem('profile_not_found', `Found no profile "${profile}"; there are: ${known}`);
  }

  function chosen(what: Change, names: readonly string[]): readonly string[] {
    if (!names.includes('all')) {
      table.check(names);
      return [...new Set(names)];
    }
    const rows = table.rows().map((row) => row.server);
    if (what === 'stop') return rows;
    // What somebody stopped, or a profile left out, does not come back because the others are renewed.
    if (what !== 'start') return rows.filter(isWanted);
    const specs = daemon.currentFleet().fleet.servers;
    // "all" leaves out what the fleet file switches off; such a server starts only by its name.
    const disabled = new Set(specs.filter((spec) => !spec.enabled).map((spec) => spec.name));
    return rows.filter((name) => !disabled.has(name));
  }

  function isWanted(server: string): boolean {
    return table.row(server).wanted === 'running';
  }

  return {
    'server.list': async () => ({ servers: table.rows() }),
    'server.get': async ({ server }) => table.row(server),
    async 'server.add'({ server, entry, held }) {
      const release = held ? needs.approvals.hold(server) : undefined;
      try {
        return await daemon.addServer(server, entry);
      } catch (error) {
        release?.();
        throw error;
      }
    },
    async 'server.edit'(edit) {
      table.check([edit.server]);
      if (Object.keys(edit.patch).length === 0)
        throw new Problem('bad_request', `Cannot change "${edit.server}": found an empty patch`);
      const done = await daemon.fleetFile.editEntry(edit, 'server.edit');
      return { ...done, changes: done.changes.map(tellChange) };
    },
    async 'server.remove'({ servers }) {
      table.check(servers);
      return daemon.removeServers(servers);
    },
    'server.start': (input) => change('start', input),
    'server.stop': (input) => change('stop', input),
    'server.restart': (input) => change('restart', input),
    'server.reload': (input) => change('reload', input),
    async 'server.scale'({ server, count }) {
      table.check([server]);
      const max = poolMax(table.spec(server).pool);
      if (count !== 'auto' && count > max)
        throw new Problem(
          'not_supported',
          `Cannot run ${count} instances of "${server}": its pool.max is ${max}`,
        );
      const before = journal.recall('scale', server);
      const fixed = count === 'auto' ? undefined : count;
      // First, as the gateway too reads how many there may be.
      journal.remember('scale', server, fixed);
      try {
        await supervisor.scale(server, fixed, 'operator');
      } catch (error) {
        journal.remember('scale', server, before);
        throw error;
      }
      return { servers: [table.row(server)] };
    },
    async 'server.approve'({ servers }) {
      table.check(servers);
      const approved = servers.map((server) => {
        const { command, args } = table.spec(server);
        if (command === undefined)
          throw new Problem('not_supported', `Server "${server}" runs nothing on this machine`);
        return { server, command, args };
      });
      for (const server of servers) needs.approvals.approve(server);
      const rows = table.rows().filter((row) => servers.includes(row.server));
      const waiting = rows.filter(({ wanted, pid }) => wanted === 'running' && pid === undefined);
      await inParallel(
        waiting.map((row) => row.server),
        maxAtOnce,
        (server) => supervisor.start(server, 'operator'),
      );
      return { approved };
    },
    async 'server.login'({ server }) {
      table.check([server]);
      return needs.signIns.begin(server);
    },
    async 'server.logout'({ server }) {
      table.check([server]);
      return { ended: await needs.signIns.end(server) };
    },
    async 'server.sendInput'({ server, text }) {
      table.check([server]);
      if (!table.spec(server).stdin)
        throw new Problem('not_supported', `Server "${server}" reads no input: stdin is not set`);
      return { written: supervisor.sendInput(server, `${text}\n`) };
    },
    async 'server.signal'({ server, signal }) {
      table.check([server]);
      return { signalled: supervisor.signal(server, signal) };
    },
  };
}

function failed(
  what: Change,
  failures: readonly { readonly item: string; readonly error: unknown }[],
): Problem {
  const problems = failures.map(({ item, error }) => ({ item, problem: asProblem(error) }));
  const [first] = problems;
  if (first !== undefined && problems.length === 1) return first.problem;
  // One of our bugs among them must be seen as one.
  const worst = problems.find(({ problem }) => problem.row.family === 'bug') ?? first;
  const reasons = problems.map(({ item, problem }) => `${item}: ${messageChain(problem)}`);
  const servers = problems.map(({ item }) => item);
  return new Problem(
    worst?.problem.code ?? 'bug',
    `Cannot ${what} ${failures.length} servers: ${reasons.join('; ')}`,
    { cause: worst?.problem.cause, details: { servers } },
  );
}
