import { abandonedSessions } from './abandoned-sessions.ts';
import { applyWhileRestarting } from './apply-while-restarting.ts';
import { clockJumps } from './clock-jumps.ts';
import { closedFiles } from './closed-files.ts';
import { crashLoops } from './crash-loops.ts';
import { damagedFiles } from './damaged-files.ts';
import { fullDisk } from './full-disk.ts';
import { killedDaemon } from './killed-daemon.ts';
import { logFlood } from './log-flood.ts';
import { stubbornTrees } from './stubborn-trees.ts';
import type { Torture } from './torture.ts';

/** What is broken around the daemon, the quick ones first. */
export const damages: readonly Torture[] = [
  clockJumps,
  stubbornTrees,
  closedFiles,
  damagedFiles,
  fullDisk,
];

/** What is too much, too fast or too often. */
export const burdens: readonly Torture[] = [
  abandonedSessions,
  logFlood,
  crashLoops,
  applyWhileRestarting,
  killedDaemon,
];

/** Every torture. */
export const tortures: readonly Torture[] = [...damages, ...burdens];
