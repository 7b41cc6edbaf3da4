import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, realpathSync, statSync, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Cancel, Clock } from '../../clock.ts';
import { configSizeMaxBytes } from './read-text.ts';

/** What `watchFleet` may be given; times are for tests. */
export interface WatchOptions {
  readonly clock?: Clock;
  /** `hash` of the text that is applied already; without it what the file holds now counts as known. */
  readonly knownHash?: string;
  /** Quiet time after the last event; editors write in several steps. */
  readonly debounceMs?: number;
  /** How often the file is looked at even without events: some file systems tell none. */
  readonly pollMs?: number;
}

/**
 * Calls back when the content of a file changes, also when it is replaced by rename, reached through symbolic
 * links that are switched, or was missing. A deleted file is no change. The result ends the watch.
 */
export function watchFleet(path: string, onChange: () => void, options: WatchOptions = {}): Cancel {
  const file = resolve(path);
  const { clock = systemClock, debounceMs = 100, pollMs = 2_000 } = options;
  let known = options.knownHash ?? hashOf(file);
  let seen = stampOf(file);
  let watchers: readonly Watched[] = [];
  let cancelCheck: Cancel | undefined;
  let cancelPoll: Cancel | undefined;
  let isStopped = false;

  const check = () => {
    cancelCheck = undefined;
    if (isStopped) return;
    rewatch();
    seen = stampOf(file);
    const hash = hashOf(file);
    if (hash === undefined || hash === known) return;
    known = hash;
    onChange();
  };
  const checkSoon = () => {
    if (isStopped) return;
    cancelCheck?.();
    cancelCheck = clock.after(debounceMs, check);
  };
  // A folder that was replaced keeps its old watch, which tells nothing any more.
  const rewatch = () => {
    const wanted = foldersOf(file);
    const isSame =
      wanted.length === watchers.length &&
      wanted.every((folder, index) => watchers[index]?.identity === folder.identity);
    if (isSame) return;
    for (const { watcher } of watchers) watcher.close();
    watchers = wanted.flatMap((folder) => watchFolder(folder, file, checkSoon));
  };
  const poll = () => {
    if (isStopped) return;
    rewatch();
    if (stampOf(file) !== seen) checkSoon();
    cancelPoll = clock.after(pollMs, poll);
  };

  rewatch();
  cancelPoll = clock.after(pollMs, poll);
  if (options.knownHash !== undefined) checkSoon();
  return () => {
    isStopped = true;
    cancelCheck?.();
    cancelPoll?.();
    for (const { watcher } of watchers) watcher.close();
    watchers = [];
  };
}

interface Folder {
  readonly path: string;
  readonly identity: string;
}

interface Watched {
  readonly identity: string;
  readonly watcher: FSWatcher;
}

/** The folder of the file and, when the file is a link, the folder where it really lies. */
function foldersOf(file: string): Folder[] {
  const paths = new Set([dirname(file)]);
  try {
    paths.add(dirname(realpathSync.native(file)));
  } catch {
    // The file is missing at the moment; its folder is watched for its return.
  }
  return [...paths].flatMap((path) => {
    const identity = stampOf(path, 'identity');
    return identity === undefined ? [] : [{ path, identity: `${path} ${identity}` }];
  });
}

function watchFolder(folder: Folder, file: string, onEvent: () => void): Watched[] {
  const name = basename(file);
  try {
    const watcher = watch(folder.path, { persistent: false }, (_, changed) => {
      // Kubernetes switches a link named ..data beside the file.
      if (changed === null || changed === name || changed.startsWith('..')) onEvent();
      else if (folder.path !== dirname(file)) onEvent();
    });
    // The folder vanished or watching it is not supported: the regular look at the file goes on.
    watcher.on('error', () => watcher.close());
    return [{ identity: folder.identity, watcher }];
  } catch {
    // No watch to be had here (limits of the system): the regular look at the file goes on.
    return [];
  }
}

function stampOf(path: string, what: 'content' | 'identity' = 'content'): string | undefined {
  const info = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (info === undefined) return undefined;
  const identity = `${info.dev} ${info.ino}`;
  return what === 'identity' ? identity : `${identity} ${info.size} ${info.mtimeNs}`;
}

function hashOf(file: string): string | undefined {
  try {
    const info = statSync(file);
    if (!info.isFile() || info.size > configSizeMaxBytes) return undefined;
    const text = new TextDecoder().decode(readFileSync(file));
    return createHash('sha256').update(text).digest('hex');
  } catch {
    // Missing or unreadable at this moment: the fleet that runs stays.
    return undefined;
  }
}

const systemClock: Clock = {
  nowMs: () => Date.now(),
  tickMs: () => performance.now(),
  after: (delayMs, then) => {
    const timer = setTimeout(then, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
