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

/** Every torture, the quick ones first. */
export const tortures: readonly Torture[] = [
  stubbornTrees,
  damagedFiles,
  closedFiles,
  clockJumps,
  fullDisk,
  applyWhileRestarting,
  logFlood,
  abandonedSessions,
  crashLoops,
  killedDaemon,
];
