import type { Clock } from '../../clock.ts';
import { asProblem, messageChain, Problem } from '../../errors.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import type { HandlerNeeds } from './needs.ts';

type Patch = Readonly<Record<string, unknown>>;
type Trials = Pick<Journal, 'recallAll' | 'remember' | 'flushWithin'>;

/** A benchmark that has changed, or is about to change, the settings of a server. */
export interface Trial {
  /** What it tries. */
  readonly patch: Patch;
  /** What takes it back. */
  readonly undo: Patch;
}

const trialFact = 'benchmarkTrial';

/** A trial begins only when the disk took so soon what is to be undone should the daemon die in it. */
const writtenWithinMs = 5_000;

/** Resolves when what is tried will be known to the next daemon; rejects when that cannot be written. */
export async function rememberTrial(journal: Trials, server: string, trial: Trial): Promise<void> {
  journal.remember(trialFact, server, trial);
  if (await journal.flushWithin(writtenWithinMs)) return;
  forgetTrial(journal, server);
  throw new Problem('data_unwritable', 'Cannot try other settings: the journal cannot be written');
}

/** The settings are as they are to stay. */
export function forgetTrial(journal: Trials, server: string): void {
  journal.remember(trialFact, server, undefined);
}

/**
 * Changes back what a daemon that died in the middle of a benchmark left changed in the fleet file, and tells it in the
 * journal. Settings that somebody changed since stay as they are. Where it fails, the next daemon tries again.
 */
export async function undoCutBenchmarks(needs: {
  readonly journal: Trials;
  readonly fleetFile: Pick<HandlerNeeds['daemon']['fleetFile'], 'editEntry'>;
  readonly clock: Clock;
  readonly append: Append;
}): Promise<void> {
  const { journal, fleetFile, clock, append } = needs;
  const by = 'advice.benchmark';
  for (const [server, fact] of journal.recallAll(trialFact)) {
    const { patch, undo } = fact as Trial;
    const tell = (outcome: 'undone' | 'changedSince' | 'failed', why?: string) =>
      append({
        ...{ atMs: clock.nowMs(), kind: 'benchmark.cutShort', subject: server, outcome },
        ...(why === undefined ? {} : { why }),
      });
    try {
      const again = await fleetFile.editEntry({ server, patch, dryRun: true }, by);
      const isAsTried = again.changes.length === 0;
      if (isAsTried) await fleetFile.editEntry({ server, patch: undo, dryRun: false }, by);
      forgetTrial(journal, server);
      tell(isAsTried ? 'undone' : 'changedSince');
    } catch (error) {
      const problem = asProblem(error);
      // A server that left the fleet has nothing to change back.
      if (problem.code === 'server_not_found') forgetTrial(journal, server);
      tell('failed', messageChain(problem));
    }
  }
}
