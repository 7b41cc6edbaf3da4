import { readFile } from 'node:fs/promises';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import type { Append } from '../../journal/events.ts';
import type { SettingChange, WrittenEntry } from '../entry-change.ts';
import type { Fleet } from '../fleet.ts';
import { type ActualServer, type PlannedAction, planFleet } from '../plan.ts';
import { parseFleet, type ReadFleet, textHash } from './read-fleet.ts';
import { readConfigText } from './read-text.ts';
import { watchFleet } from './watch-fleet.ts';
import { writeText } from './write-text.ts';

/** A fleet file that could not be applied. */
export interface Rejected {
  readonly atMs: number;
  readonly problems: readonly string[];
}

/** What an apply did, or would do. */
export interface Applied {
  readonly revision: number;
  readonly applied: boolean;
  readonly actions: PlannedAction[];
}

/** A change of one server's entry. */
export interface EntryEdit {
  readonly server: string;
  /** A JSON Merge Patch (RFC 7396) of the entry as it is written. */
  readonly patch: WrittenEntry;
  readonly dryRun: boolean;
}

/** Keeps what is wanted: reads the file, plans, has it performed, one change at a time. */
export interface FleetKeeper {
  /** The fleet that runs. */
  fleet(): Fleet;
  /** The newest file that could not be applied; undefined when the newest could. */
  lastRejected(): Rejected | undefined;
  /**
   * Performs the first plan, and from then on what each change of the file asks for. Resolves when that plan was handed
   * over, as `perform` does.
   */
  begin(): Promise<void>;
  /** Reads the file again; the plan is only performed when it is no dry run. Rejects when the file is wrong. */
  apply(dryRun: boolean, by: string): Promise<Applied>;
  /**
   * Changes the text of the file and applies it. The new text is checked whole before it is written; rejects, with the
   * file as it was, when it is wrong.
   */
  edit(change: (text: string) => string, by: string): Promise<Applied>;
  /** Changes settings of one entry and applies it, checked like `edit`; a dry run tells what would be done. */
  editEntry(
    edit: EntryEdit,
    by: string,
  ): Promise<Applied & { readonly changes: readonly SettingChange[] }>;
  /** The text of the file now, with its hash; rejects when it cannot be read. */
  readText(): Promise<{ readonly text: string; readonly hash: string }>;
  /** What a text in place of the file's would change; rejects with `fleet_invalid` when it is wrong. */
  planText(text: string): Promise<Applied>;
  /** Replaces the text and applies it; rejects with `fleet_changed` when the file's is not the one of `knownHash`. */
  saveText(text: string, knownHash: string): Promise<Applied>;
  /** Watches the file no more, and applies nothing from now on. */
  end(): void;
}

/** What a keeper needs. */
export interface KeeperNeeds {
  readonly file: string;
  readonly profile: string | undefined;
  readonly clock: Clock;
  readonly append: Append;
  /** The file as it was read first. */
  readonly first: ReadFleet;
  readonly read: (revision: number) => Promise<ReadFleet>;
  readonly actual: (fleet: Fleet) => readonly ActualServer[];
  /** Resolves when the next plan can be made; servers may still be starting then. */
  readonly perform: (fleet: Fleet, actions: readonly PlannedAction[], by: string) => Promise<void>;
}

/** A keeper that has not begun. */
export function createFleetKeeper(needs: KeeperNeeds): FleetKeeper {
  const { file, clock, append } = needs;
  let { fleet, hash } = needs.first;
  let rejected: Rejected | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let stopWatching = () => {};
  let isEnded = false;

  function plan(next: Fleet): PlannedAction[] {
    return planFleet({ fleet: next, profile: needs.profile, servers: needs.actual(next) });
  }

  async function perform(actions: readonly PlannedAction[], by: string): Promise<void> {
    const done = actions.map(({ action, server, why }) => ({ action, server, why }));
    append({
      ...{ atMs: clock.nowMs(), kind: 'fleet.applied', subject: 'fleet' },
      ...{ revision: fleet.revision, file, actions: done },
    });
    await needs.perform(fleet, actions, by);
  }

  async function readAgain(): Promise<ReadFleet> {
    try {
      const next = await needs.read(fleet.revision + 1);
      rejected = undefined;
      return next;
    } catch (error) {
      const atMs = clock.nowMs();
      const problems = (error instanceof Error ? error.message : String(error)).split('\n');
      rejected = { atMs, problems };
      append({ atMs, kind: 'fleet.rejected', subject: 'fleet', file, problems });
      throw error;
    }
  }

  async function applyNow(dryRun: boolean, by: string): Promise<Applied> {
    const next = await readAgain();
    const isChanged = next.hash !== hash;
    const revision = fleet.revision + (isChanged ? 1 : 0);
    const actions = plan({ ...next.fleet, revision });
    if (dryRun) return { revision, applied: false, actions };
    if (isChanged || actions.length > 0) {
      fleet = { ...next.fleet, revision };
      hash = next.hash;
      await perform(actions, by);
    }
    return { revision, applied: true, actions };
  }

  async function editEntry(edit: EntryEdit, by: string) {
    let changes: readonly SettingChange[] = [];
    // With the YAML it brings along: of no use to a start.
    const { withPatch } = await import('./edit-fleet.ts');
    const change = (text: string) => {
      const changed = withPatch(text, file, edit);
      changes = changed.changes;
      return changed.text;
    };
    const applied = edit.dryRun
      ? await planText(change(await readConfigText(file)))
      : await inTurn(() => editNow(change, by));
    return { ...applied, changes };
  }

  async function planText(text: string): Promise<Applied> {
    const revision = fleet.revision + (textHash(text) === hash ? 0 : 1);
    const next = await parseFleet(text, file, { revision });
    return { revision, applied: false, actions: plan(next.fleet) };
  }

  function inTurn(work: () => Promise<Applied>): Promise<Applied> {
    const result = last.then(() => {
      if (!isEnded) return work();
      throw new Problem('daemon_stopping', 'The daemon is stopping: nothing is applied any more');
    });
    last = result.catch(() => undefined);
    return result;
  }

  const apply = (dryRun: boolean, by: string) => inTurn(() => applyNow(dryRun, by));

  async function editNow(change: (text: string) => string, by: string): Promise<Applied> {
    const text = await readFile(file, 'utf8');
    const next = change(text);
    await parseFleet(next, file, { revision: fleet.revision + 1 });
    await writeText(file, next, { mode: 0o600 });
    return applyNow(false, by);
  }

  function onFileChange(): void {
    void apply(false, 'the file changed').catch(() => {
      // Already in the journal and in `lastRejected`; the old fleet stays.
    });
  }

  return {
    fleet: () => fleet,
    lastRejected: () => rejected,
    begin() {
      const begun = perform(plan(fleet), 'start of the daemon');
      last = begun;
      stopWatching = watchFleet(file, onFileChange, { clock, knownHash: hash });
      return begun;
    },
    apply,
    async readText() {
      const text = await readConfigText(file);
      return { text, hash: textHash(text) };
    },
    planText,
    saveText: (text, knownHash) =>
      inTurn(() => editNow((old) => unlessChanged(old, text, knownHash), 'fleet.save')),
    editEntry,
    edit: (change, by) => inTurn(() => editNow(change, by)),
    end() {
      isEnded = true;
      stopWatching();
    },
  };
}

function unlessChanged(old: string, text: string, knownHash: string): string {
  if (textHash(old) === knownHash) return text;
  const sentence = 'Cannot save the fleet file: it was changed since it was read';
  throw new Problem('fleet_changed', sentence);
}
