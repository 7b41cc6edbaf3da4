import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  type CgroupState,
  type Controller,
  controllers,
  daemonLeaf,
  folderOf,
  leafName,
  limitFiles,
  type NoCgroup,
  parseCgroupMount,
  parseMembers,
  parseOwnCgroup,
  serverPrefix,
} from '../cgroup.ts';
import type { ResourceLimits } from '../resources.ts';
import { isPopulated, killLeaf } from './leaf.ts';

/** The control groups of one daemon: a leaf for itself, and one for each process of a server. */
export interface Cgroups {
  readonly state: CgroupState;
  /** A fresh leaf with its limits; undefined where there is no such means, or the kernel refused it. */
  open(mark: string, limits: ResourceLimits): Leaf | undefined;
  /** Ends whoever is in leaves other than these, and removes them. */
  endOthers(kept: ReadonlySet<string>): void;
}

/** The leaf of one process of a server. */
export interface Leaf {
  readonly folder: string;
}

/**
 * Takes our own control group into use, if it is ours alone: written by the machine's service manager for us
 * (`Delegate=yes`), or that of a container whose only process we are. Everything below `root`, which is the machine's own
 * unless a test says otherwise.
 */
export function openCgroups(life: number, { root = '', pid = process.pid } = {}): Cgroups {
  const place = process.platform === 'linux' ? findPlace(root, pid) : 'absent';
  if (typeof place === 'string') return without(place);
  const { base } = place;
  const on = place.mayControl ? turnOn(base) : [];

  function leaves(): string[] {
    const names = ignoreRefusal(() => readdirSync(base)) ?? [];
    return names.filter((name) => name.startsWith(serverPrefix)).map((name) => join(base, name));
  }

  /** Leaves that nobody is in any more. */
  function tidy(): void {
    for (const leaf of leaves()) if (!isPopulated(leaf)) removeTree(leaf);
  }

  return {
    state: { kind: on.includes('memory') ? 'limits' : 'members', controllers: on },
    open(mark, limits) {
      tidy();
      const folder = join(base, leafName(mark, life));
      return ignoreRefusal(() => {
        mkdirSync(folder);
        setLimits(folder, limits, on);
        return { folder };
      });
    },
    endOthers(kept) {
      for (const leaf of leaves()) if (!kept.has(leaf)) killLeaf(leaf);
      tidy();
    },
  };
}

function without(why: NoCgroup): Cgroups {
  return { state: { kind: 'none', why, controllers: [] }, open: () => undefined, endOthers() {} };
}

interface Place {
  /** Leaves are made here. */
  readonly base: string;
  /** Whether nobody else puts processes into it, which its children's controllers would forbid. */
  readonly mayControl: boolean;
}

function findPlace(root: string, pid: number): Place | NoCgroup {
  const read = (path: string) => ignoreRefusal(() => readFileSync(`${root}${path}`, 'utf8')) ?? '';
  const mount = parseCgroupMount(read('/proc/self/mountinfo'));
  const node = parseOwnCgroup(read('/proc/self/cgroup'));
  const shown = mount === undefined || node === undefined ? undefined : folderOf(node, mount);
  if (shown === undefined) return 'absent';
  const own = `${root}${shown}`;
  if (!isOurs(own)) return existsSync(join(own, 'cgroup.type')) ? 'closed' : 'root';
  const above = dirname(own);
  // Put here by the service manager (DelegateSubgroup), or by ourselves in an earlier life.
  if (basename(own) === daemonLeaf && isOurs(above)) return { base: above, mayControl: true };
  const members = parseMembers(
    ignoreRefusal(() => readFileSync(join(own, 'cgroup.procs'), 'utf8')) ?? '',
  );
  if (members.some((member) => member !== pid)) return 'shared';
  const isMoved = isDone(() => {
    mkdirSync(join(own, daemonLeaf), { recursive: true });
    writeFileSync(join(own, daemonLeaf, 'cgroup.procs'), String(pid));
  });
  if (!isMoved) return 'refused';
  // A systemd that knows no DelegateSubgroup (before 254) starts the next daemon in the unit's own node, which the
  // kernel refuses once its children have controllers.
  return { base: own, mayControl: !basename(own).endsWith('.service') };
}

/** Whether a node may be divided by us; the root of all has no `cgroup.type`, and is the machine's. */
function isOurs(folder: string): boolean {
  if (!existsSync(join(folder, 'cgroup.type'))) return false;
  return isDone(() => {
    accessSync(folder, constants.W_OK);
    accessSync(join(folder, 'cgroup.procs'), constants.W_OK);
  });
}

/** Turns on what there is of our controllers; each by itself, as one that is refused refuses all. */
function turnOn(base: string): readonly Controller[] {
  const words = (file: string) =>
    (ignoreRefusal(() => readFileSync(join(base, file), 'utf8')) ?? '').trim().split(/\s+/);
  const offered = words('cgroup.controllers');
  return controllers.filter((controller) => {
    if (!offered.includes(controller)) return false;
    const file = join(base, 'cgroup.subtree_control');
    return isDone(() => writeFileSync(file, `+${controller}`));
  });
}

/** What the kernel took is read back by whoever wants to know; it may have no swap to limit. */
function setLimits(folder: string, limits: ResourceLimits, on: readonly Controller[]): void {
  for (const { controller, file, text } of limitFiles(limits))
    if (on.includes(controller)) ignoreRefusal(() => writeFileSync(join(folder, file), text));
}

/** A leaf may have been divided by who was in it; its files are the kernel's and go with it. */
function removeTree(folder: string): void {
  ignoreRefusal(() => {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) removeTree(join(folder, entry.name));
    rmdirSync(folder);
  });
}

function ignoreRefusal<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    // Not there, or not allowed: what the kernel does not do, looking does (decisions/0010).
    return undefined;
  }
}

function isDone(attempt: () => void): boolean {
  const done = ignoreRefusal(() => {
    attempt();
    return true;
  });
  return done === true;
}
