/** One row of the process table, from `/proc/PID/stat` or `ps`. */
export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  readonly sessionId: number;
  /** One letter; `Z` is dead but not yet reaped. */
  readonly state: string;
  /** Opaque; equal only for the same process. */
  readonly startTime: string;
  readonly cpuTicks: number;
  readonly threads: number;
  readonly residentPages: number;
}

/**
 * The text of `/proc/PID/stat`; undefined when it is none. The command name stands in parentheses and may hold
 * anything, so fields are counted from the last one (proc(5)).
 */
export function parseProcessStat(text: string): ProcessRow | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ');
  if (fields.length < 22) return undefined;
  const number = (field: number) => Number(fields[field - 3]);
  return {
    pid: Number(text.slice(0, open)),
    state: fields[0] ?? '?',
    parentPid: number(4),
    groupId: number(5),
    sessionId: number(6),
    cpuTicks: number(14) + number(15),
    threads: number(20),
    startTime: fields[19] ?? '',
    residentPages: number(24),
  };
}

/** What changes of a process while it lives, and what tells it from a later one of the same number. */
export type ProcessFigures = Pick<
  ProcessRow,
  'pid' | 'startTime' | 'cpuTicks' | 'threads' | 'residentPages'
>;

const [space, closing, zero, nine, zombie] = [32, 41, 48, 57, 90];

/**
 * The figures of `known` as the bytes of its `/proc/PID/stat` say now; undefined when they are of another process, or
 * of one that only waits to be reaped. Without making text of them: a third of the cost, as it is done for every
 * process at every sample.
 */
export function readProcessFigures(
  bytes: Uint8Array,
  known: Pick<ProcessRow, 'pid' | 'startTime'>,
): ProcessFigures | undefined {
  let at = bytes.lastIndexOf(closing) + 2;
  if (at < 2 || bytes[at] === zombie) return undefined;
  let cpuTicks = 0;
  let threads = 0;
  for (let field = 3; field <= 24; field += 1) {
    let value = 0;
    for (let byte = bytes[at] ?? space; byte !== space; byte = bytes[at] ?? space) {
      if (byte >= zero && byte <= nine) value = value * 10 + byte - zero;
      at += 1;
    }
    at += 1;
    if (field === 14 || field === 15) cpuTicks += value;
    else if (field === 20) threads = value;
    else if (field === 22 && value !== Number(known.startTime)) return undefined;
    else if (field === 24 && at <= bytes.length)
      return {
        pid: known.pid,
        startTime: known.startTime,
        cpuTicks,
        threads,
        residentPages: value,
      };
  }
  return undefined;
}

/** A process, told from a later one of the same number. */
export type Member = Pick<ProcessRow, 'pid' | 'startTime'>;

/**
 * The tree of each leader: its descendants, and whoever is still in its session after its own parent died. `known` are
 * members seen before: one of them that has left its parents is a member still, with its own descendants and session.
 * Dead rows are left out.
 */
export function treesOf(
  leaders: readonly number[],
  rows: readonly ProcessRow[],
  known: ReadonlyMap<number, readonly Member[]> = new Map(),
): ReadonlyMap<number, readonly ProcessRow[]> {
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const result = new Map<number, ProcessRow[]>(leaders.map((pid) => [pid, []]));
  const leaderBy = new Map<number, number>();
  for (const leader of leaders)
    for (const member of known.get(leader) ?? [])
      if (mayBe(byPid.get(member.pid), member)) leaderBy.set(member.pid, leader);
  for (const leader of leaders) leaderBy.set(leader, leader);
  for (const row of rows) {
    if (row.state === 'Z') continue;
    const leader = leaderOf(row, byPid, leaderBy);
    if (leader !== undefined) result.get(leader)?.push(row);
  }
  return result;
}

/** Numbers up to this one are nobody's: 0 stands above every tree, 1 is the machine's first process. */
const lastOfMachine = 1;

/**
 * Live processes that are one of `known`, descend from one, or are in its session. Whatever `known` says, `self` and all
 * that it descends from are never among them, nor is the first process of the machine.
 */
export function kinOf(
  known: readonly Member[],
  rows: readonly ProcessRow[],
  self: number,
): readonly ProcessRow[] {
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const above = new Set<number>();
  for (let next = byPid.get(self); next !== undefined && !above.has(next.pid); ) {
    above.add(next.pid);
    next = byPid.get(next.parentPid);
  }
  const isTaken = ({ pid }: Member) => pid > lastOfMachine && !above.has(pid);
  const roots = known.filter((member) => isTaken(member) && mayBe(byPid.get(member.pid), member));
  const leaderBy = new Map(roots.map(({ pid }) => [pid, pid]));
  return rows.filter(
    (row) => row.state !== 'Z' && isTaken(row) && leaderOf(row, byPid, leaderBy) !== undefined,
  );
}

/**
 * Whether a number still stands for a process: the kernel gives none away that still names a session, so one that
 * nobody has may name that of a dead member, and one that another has names nothing of ours.
 */
function mayBe(holder: ProcessRow | undefined, member: Member): boolean {
  return holder === undefined || holder.startTime === member.startTime;
}

/** Deepest chain of parents followed; real trees are far flatter, and a torn snapshot could hold a circle. */
const depthMax = 64;

function leaderOf(
  row: ProcessRow,
  byPid: ReadonlyMap<number, ProcessRow>,
  leaderBy: ReadonlyMap<number, number>,
): number | undefined {
  const ofSession = leaderBy.get(row.sessionId);
  if (ofSession !== undefined) return ofSession;
  let next: ProcessRow | undefined = row;
  for (let depth = 0; next !== undefined && depth < depthMax; depth += 1) {
    const leader = leaderBy.get(next.pid);
    if (leader !== undefined) return leader;
    next = byPid.get(next.parentPid);
  }
  return undefined;
}
