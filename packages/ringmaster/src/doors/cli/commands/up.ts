import { Problem } from '../../../errors.ts';
import type { NewEvent } from '../../../journal/events.ts';
import { createClient } from '../client.ts';
import { collectWhenQuiet } from '../collect-when-quiet.ts';
import { startDetached, type WantedDaemon } from '../detach.ts';
import { eventSentence } from '../event-sentence.ts';
import { tellFailure } from '../failure.ts';
import { type ExitCode, type Invocation, isGiven, textOption } from '../invocation.ts';
import { findDataDir, requireFleetFile } from '../locate.ts';
import { restAfterFailure } from '../rest-after-failure.ts';
import { isUnhealthy } from '../server-words.ts';
import { tellStarted, watchStart } from '../start-watch.ts';
import { collectYoungObjectsAlone, keepYoungObjectsYoung } from '../stay-young.ts';
import { createStopSignals } from '../stop-signals.ts';
import type { Terminal } from '../terminal.ts';

/** How long a stopped daemon's process may linger before it is ended: nothing of use is left to do in it. */
const lingerMs = 2_000;

/** `ringmaster up`: runs the daemon here until Ctrl-C, or leaves it behind with `--detach`. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  if (!isGiven(invocation, 'service')) return up(invocation);
  const { flags, terminal } = invocation;
  try {
    return await up(invocation);
  } catch (error) {
    const code = await tellFailure(error, terminal);
    return (await restAfterFailure(flags.file, terminal)) ? code : 0;
  }
}

async function up(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const file = requireFleetFile(flags, terminal);
  const wanted: WantedDaemon = {
    file,
    dataDir: await findDataDir(flags, file, terminal),
    port: flags.port,
    profile: textOption(invocation, 'profile'),
  };
  if (!isGiven(invocation, 'detach')) return runHere(wanted, terminal);
  const client = await startDetached(wanted, terminal);
  const started = await watchStart(client, terminal, new AbortController().signal);
  if (started === undefined) {
    throw new Problem(
      'daemon_unreachable',
      terminal.say('up.vanished', { dataDir: wanted.dataDir }),
    );
  }
  tellStarted(started, terminal);
  return started.status.servers.some(isUnhealthy) ? 1 : 0;
}

async function runHere(wanted: WantedDaemon, terminal: Terminal): Promise<ExitCode> {
  const { say } = terminal;
  const signals = createStopSignals(wanted.dataDir, terminal);
  // A daemon must outlive its reader: ending here at a closed pipe would leave its servers behind.
  process.stdout.removeAllListeners('error').on('error', () => undefined);
  let settled = false;
  const { startDaemon } = await import('../../../daemon.ts');
  const daemon = await startDaemon({
    file: wanted.file,
    dataDir: wanted.dataDir,
    ...(wanted.port === undefined ? {} : { port: wanted.port }),
    ...(wanted.profile === undefined ? {} : { profile: wanted.profile }),
    lang: terminal.language,
    onProgress: (event: NewEvent) => {
      const sentence = settled ? eventSentence(event, terminal) : undefined;
      if (sentence !== undefined) terminal.note(sentence);
    },
  });
  keepYoungObjectsYoung();
  collectYoungObjectsAlone();
  const stopCollecting = collectWhenQuiet();
  const { hostname: host, port } = new URL(daemon.url);
  const client = createClient({ host, port: Number(port) }, say);
  const closed = daemon.closed.then(() => 'closed' as const);
  const watched = watchStart(client, terminal, signals.asked).then((started) => {
    if (started === undefined || signals.asked.aborted) return;
    tellStarted(started, terminal);
    if (terminal.isAttended) terminal.note(say('up.ctrlC'));
    settled = true;
  });
  // Watching ends by itself; only its failure may end the wait before a signal or the daemon does.
  const failed = new Promise<never>((_, reject) => void watched.catch(reject));
  const end = await Promise.race([closed, signals.wait, failed]);
  if (end !== 'closed') {
    terminal.note(say('up.stopping', { signal: end }));
    await daemon.stop(end);
  }
  await closed;
  stopCollecting();
  signals.dispose();
  terminal.note(say('up.stopped'));
  setTimeout(() => process.exit(), lingerMs).unref();
  return 0;
}
