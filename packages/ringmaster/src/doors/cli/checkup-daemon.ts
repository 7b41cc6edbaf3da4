import { readdirSync } from 'node:fs';
import { messageChain, Problem } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { sayWhy } from '../../japanese/say-why.ts';
import type { Finding } from './checkup.ts';
import { createClient } from './client.ts';
import { seeDaemon } from './daemon-record.ts';
import type { Flags } from './invocation.ts';
import { findFleetFile } from './locate.ts';
import type { Terminal } from './terminal.ts';

/** The fleet file that is meant, read; undefined when there is none or it is not valid. */
export async function checkFleet(
  flags: Flags,
  terminal: Terminal,
): Promise<{ readonly finding: Finding; readonly fleet: Fleet | undefined }> {
  const { say } = terminal;
  try {
    const file = findFleetFile(flags, terminal);
    if (file === undefined) {
      const hint = say('doctor.fleet.noneHint');
      const found = say('doctor.fleet.none');
      return { finding: { check: 'fleet', verdict: 'warn', found, hint }, fleet: undefined };
    }
    const { readFleet } = await import('../../fleet/io/read-fleet.ts');
    const { fleet, notes } = await readFleet(file, { revision: 0 });
    const found = say('doctor.fleet.valid', { file, servers: fleet.servers.length });
    const finding: Finding =
      notes.length === 0
        ? { check: 'fleet', verdict: 'pass', found }
        : { check: 'fleet', verdict: 'warn', found, hint: notes.join('\n') };
    return { finding, fleet };
  } catch (error) {
    if (!(error instanceof Problem) || error.row.family === 'bug') throw error;
    const hint = say('doctor.fleet.hint');
    const found = sayWhy(messageChain(error), terminal.language);
    return { finding: { check: 'fleet', verdict: 'fail', found, hint }, fleet: undefined };
  }
}

/** Whether the daemon of a data folder runs and answers; a dead one may have left servers. */
export async function checkDaemon(dataDir: string, terminal: Terminal): Promise<Finding> {
  const { say } = terminal;
  const seen = seeDaemon(dataDir);
  if (seen.kind === 'absent') {
    return { check: 'daemon', verdict: 'pass', found: say('doctor.daemon.none') };
  }
  const { pid, port } = seen.record;
  if (seen.kind === 'dead') {
    const count = (await livingServers(dataDir)).length;
    const found = say('doctor.daemon.dead', { pid, count });
    return { check: 'daemon', verdict: 'warn', found, hint: say('doctor.daemon.deadHint') };
  }
  try {
    const client = createClient(seen.record, say);
    const { cgroup } = await client.ask('daemon.status', {}, { timeoutMs: 5_000 });
    const means = say(`cgroup.${cgroup.why ?? cgroup.kind}`, {
      controllers: cgroup.controllers.join(', '),
    });
    const found = `${say('doctor.daemon.answers', { pid, port })}\n${means}`;
    return { check: 'daemon', verdict: 'pass', found };
  } catch (error) {
    const found = say('doctor.daemon.silent', {
      pid,
      why: sayWhy(messageChain(error), terminal.language),
    });
    const hint = say('doctor.daemon.silentHint', { dataDir });
    return { check: 'daemon', verdict: 'fail', found, hint };
  }
}

/** Whether the guardian lives while there are stdio servers to guard. */
export async function checkGuardian(dataDir: string, { say }: Terminal): Promise<Finding> {
  const { readGuardianRecord } = await import('../../supervisor/io/state-file.ts');
  const { isSameProcess } = await import('../../supervisor/io/process-table.ts');
  const guardian = readGuardianRecord(dataDir);
  if (guardian !== undefined && isSameProcess(guardian.pid, guardian.startTime)) {
    const found = say('doctor.guardian.alive', { pid: guardian.pid });
    return { check: 'guardian', verdict: 'pass', found };
  }
  const wards = (await livingServers(dataDir)).filter(({ kind }) => kind === 'stdio');
  if (wards.length === 0) {
    return { check: 'guardian', verdict: 'pass', found: say('doctor.guardian.needless') };
  }
  const found = say('doctor.guardian.missing');
  return { check: 'guardian', verdict: 'warn', found, hint: say('doctor.guardian.hint') };
}

/** Whether pipes of an earlier life of the daemon lie about; names begin with the number of the life. */
export async function checkLeftovers(dataDir: string, { say }: Terminal): Promise<Finding> {
  const { readRunRecord, runPaths } = await import('../../supervisor/io/state-file.ts');
  const record = readRunRecord(dataDir);
  const used = new Set(
    (record?.instances ?? []).flatMap(({ pipes }) => [pipes.in, pipes.out, pipes.log]),
  );
  const folder = runPaths(dataDir).pipes;
  const old = namesIn(folder).filter(
    (name) => !name.startsWith(`${record?.life}-`) && !used.has(`${folder}/${name}`),
  );
  if (old.length === 0) {
    return { check: 'leftovers', verdict: 'pass', found: say('doctor.leftovers.none') };
  }
  const found = say('doctor.leftovers.some', { count: old.length });
  // Without a daemon they only wait for the next one, which sweeps.
  return seeDaemon(dataDir).kind === 'running'
    ? { check: 'leftovers', verdict: 'warn', found, hint: say('doctor.leftovers.hint') }
    : { check: 'leftovers', verdict: 'pass', found };
}

/** Whether the endpoint's port and the fixed ports of servers are ours or free. */
export async function checkPorts(
  about: {
    readonly dataDir: string;
    readonly port: number | undefined;
    readonly fleet: Fleet | undefined;
  },
  { say }: Terminal,
): Promise<Finding> {
  const seen = seeDaemon(about.dataDir);
  if (seen.kind === 'running') {
    const found = say('doctor.port.own', { port: seen.record.port });
    return { check: 'port', verdict: 'pass', found };
  }
  const { requireFreePort } = await import('../../supervisor/io/ports.ts');
  // Servers that a dead daemon left hold their ports rightly.
  const kept = new Set((await livingServers(about.dataDir)).map(({ port }) => port));
  const ports = [
    about.port ?? about.fleet?.listen.port ?? 7464,
    ...(about.fleet?.servers ?? []).flatMap(({ port, enabled }) =>
      enabled && typeof port === 'number' ? [port] : [],
    ),
  ].filter((port) => port !== 0 && !kept.has(port));
  if (ports.length === 0) {
    return { check: 'port', verdict: 'pass', found: say('doctor.port.any') };
  }
  const taken: string[] = [];
  for (const port of ports) {
    try {
      await requireFreePort(port);
    } catch (error) {
      const { pid, name } = error instanceof Problem ? (error.details ?? {}) : {};
      const holder =
        typeof pid === 'number'
          ? say('doctor.port.holder', { pid, name: String(name) })
          : say('doctor.port.other');
      taken.push(say('doctor.port.taken', { port, holder }));
    }
  }
  return taken.length === 0
    ? {
        check: 'port',
        verdict: 'pass',
        found: say('doctor.port.free', { ports: ports.join(', ') }),
      }
    : { check: 'port', verdict: 'fail', found: taken.join('; '), hint: say('doctor.port.hint') };
}

async function livingServers(dataDir: string) {
  const { readRunRecord } = await import('../../supervisor/io/state-file.ts');
  const { isSameProcess } = await import('../../supervisor/io/process-table.ts');
  const instances = readRunRecord(dataDir)?.instances ?? [];
  return instances.filter(({ pid, startTime }) => isSameProcess(pid, startTime));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No daemon has run here yet.
    return [];
  }
}
