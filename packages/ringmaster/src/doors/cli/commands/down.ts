import { Problem } from '../../../errors.ts';
import { type Address, createClient } from '../client.ts';
import { isAlive, seeDaemon } from '../daemon-record.ts';
import { formatDuration } from '../format.ts';
import type { ExitCode, Invocation } from '../invocation.ts';
import { dataDirOf } from '../reach.ts';
import type { Terminal } from '../terminal.ts';
import { lookEveryMs, pause } from '../wait.ts';

/** Longest drain and grace a fleet file allows (an hour and ten minutes) with room to spare. */
const stopMaxMs = 2 * 3_600_000;
/** How often a person is told that it is still stopping. */
const tellEveryMs = 5_000;

/** `ringmaster down`: stops every server and the daemon; without a daemon, the servers it left behind. */
export async function run({ flags, terminal }: Invocation): Promise<ExitCode> {
  if (flags.port !== undefined && flags.dataDir === undefined) {
    return stopDaemon({ host: '127.0.0.1', port: flags.port }, terminal);
  }
  const dataDir = await dataDirOf(flags, terminal);
  const seen = seeDaemon(dataDir);
  return seen.kind === 'running'
    ? stopDaemon({ ...seen.record, port: flags.port ?? seen.record.port }, terminal)
    : endLeftovers(dataDir, terminal);
}

async function stopDaemon(address: Address, terminal: Terminal): Promise<ExitCode> {
  const { say, language } = terminal;
  const startedAtMs = performance.now();
  const { pid } = await createClient(address, say).ask(
    'daemon.shutdown',
    {},
    { timeoutMs: stopMaxMs },
  );
  terminal.note(say('down.stopping', { pid }));
  for (let toldAtMs = startedAtMs; isAlive(pid); ) {
    const nowMs = performance.now();
    const duration = formatDuration(nowMs - startedAtMs, language);
    if (nowMs - startedAtMs > stopMaxMs) {
      throw new Problem('daemon_unreachable', say('down.late', { pid, duration }));
    }
    if (nowMs - toldAtMs >= tellEveryMs) {
      terminal.note(say('down.still', { pid, duration }));
      toldAtMs = nowMs;
    }
    await pause(lookEveryMs / 2);
  }
  if (terminal.json) terminal.resultJson({ pid, ended: [] });
  else terminal.result(say('down.stopped', { pid }));
  return 0;
}

async function endLeftovers(dataDir: string, terminal: Terminal): Promise<ExitCode> {
  const { endOrphans } = await import('../../../supervisor/io/end-orphans.ts');
  const { ended } = await endOrphans(dataDir);
  if (terminal.json) {
    terminal.resultJson({ ended });
    return 0;
  }
  for (const { server, pid } of ended) terminal.result(terminal.say('down.ended', { server, pid }));
  if (ended.length === 0) terminal.result(terminal.say('down.nothing', { dataDir }));
  return 0;
}
