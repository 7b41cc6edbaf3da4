import type { Resource, ResourceLimits } from './resources.ts';

/**
 * What control groups of version 2 do for us here (cgroups(7), Documentation/admin-guide/cgroup-v2.rst):
 * `limits` they know every process of a server and keep its limits, `members` they only know every process, so that
 * none escapes; `none` we have no part of the tree to ourselves.
 */
export type CgroupState =
  | { readonly kind: 'limits' | 'members'; readonly controllers: readonly Controller[] }
  | { readonly kind: 'none'; readonly why: NoCgroup; readonly controllers: readonly [] };

/** Why there is none: no hierarchy of version 2, not ours to write, the root of all, or others are in it. */
export type NoCgroup = 'absent' | 'closed' | 'root' | 'shared' | 'refused';

/** Controllers that we use, in the order in which they are turned on. */
export const controllers = ['memory', 'cpu', 'pids'] as const;
/** One of them. */
export type Controller = (typeof controllers)[number];

/** Name of the leaf a daemon lives in: no process may be in an inner node whose children have controllers. */
export const daemonLeaf = 'daemon';

/** Names of leaves begin so: none is ever mistaken for a file of the kernel, such as `memory.max`. */
export const serverPrefix = 's.';

/** Name of the leaf of the process with this mark; `life` keeps two daemons apart. */
export function leafName(mark: string, life: number): string {
  const [, server, index, generation] = mark.split('/');
  return `${serverPrefix}${server}.${index}.${life}.${generation}`;
}

/** Path of our own control group in the hierarchy: the line `0::/path` of `/proc/self/cgroup`. */
export function parseOwnCgroup(text: string): string | undefined {
  return /^0::(\/.*)$/m.exec(text)?.[1];
}

/**
 * Whether `/proc/PID/cgroup` says that a process belongs to a service of systemd, also when that has groups of its own
 * below its unit. The service manager of a user is one too, but what runs below it only if it is one itself.
 */
export function isInService(text: string): boolean {
  const units = text.split(/[/\n]/).filter((name) => /\.(service|scope|slice)$/.test(name));
  const unit = units.at(-1) ?? '';
  return unit.endsWith('.service') && !/^user@\d+\.service$/.test(unit);
}

/** Where the hierarchy is mounted, and from which of its nodes on: `/proc/self/mountinfo` (proc(5)). */
export function parseCgroupMount(
  text: string,
): { readonly from: string; readonly at: string } | undefined {
  for (const line of text.split('\n')) {
    const [left = '', right = ''] = line.split(' - ', 2);
    if (!right.startsWith('cgroup2 ')) continue;
    const [, , , from, at] = left.split(' ');
    if (from !== undefined && at !== undefined) return { from: plainPath(from), at: plainPath(at) };
  }
  return undefined;
}

/** The kernel writes a space in a path as `\040`, and so on. */
function plainPath(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, digits) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** The folder of a node of the hierarchy; undefined when the mount does not show it. */
export function folderOf(
  node: string,
  { from, at }: { readonly from: string; readonly at: string },
): string | undefined {
  if (from === '/') return node === '/' ? at : at + node;
  if (node !== from && !node.startsWith(`${from}/`)) return undefined;
  return at + node.slice(from.length);
}

/** One file of a leaf and what is written to it. */
export interface LimitFile {
  readonly controller: Controller;
  readonly file: string;
  readonly text: string;
}

/** `cpu.max` gives microseconds in each period of 100 ms, the kernel's own default. */
const periodUs = 100_000;
/**
 * `pids.max` counts threads too, of which a Node process has about a dozen; so it is a wall against bombs, and the exact
 * number is kept by looking.
 */
const threadsPerProcess = 64;

/** What is written to a new leaf, in this order. */
export function limitFiles(limits: ResourceLimits): readonly LimitFile[] {
  const { memoryBytes, cpuPercent, processes } = limits;
  const file = (controller: Controller, name: string, value: number | string) => ({
    ...{ controller, file: `${controller}.${name}`, text: String(value) },
  });
  const memory =
    memoryBytes === undefined
      ? []
      : [
          // No `memory.high` below: whoever cannot give memory back is slowed down there for minutes, and never ended.
          file('memory', 'max', memoryBytes),
          // Without these a server over its limit fills the swap, or loses one process of many.
          file('memory', 'swap.max', 0),
          file('memory', 'oom.group', 1),
        ];
  const cpu =
    cpuPercent === undefined
      ? []
      : [file('cpu', 'max', `${Math.round((cpuPercent / 100) * periodUs)} ${periodUs}`)];
  const pids = processes === undefined ? [] : [file('pids', 'max', processes * threadsPerProcess)];
  return [...memory, ...cpu, ...pids];
}

/** Settings that the kernel keeps exactly, and where; the number of processes is none (see `threadsPerProcess`). */
export const keptExactly: readonly { readonly file: string; readonly resource: Resource }[] = [
  { file: 'memory.max', resource: 'memoryBytes' },
  { file: 'cpu.max', resource: 'cpuPercent' },
];

/** Members of a leaf: the text of `cgroup.procs`. A process that is not of our namespace is 0 there. */
export function parseMembers(text: string): readonly number[] {
  return text
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
}

/** A counter of `memory.events` or a flag of `cgroup.events`; 0 when it has none. */
export function eventCount(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}
