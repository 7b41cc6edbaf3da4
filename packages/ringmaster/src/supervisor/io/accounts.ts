import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Whom a program runs as. Further groups of that user are not taken on: `setgroups` is called with none. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  /** Undefined for a number without a name. */
  readonly name: string | undefined;
  readonly home: string | undefined;
}

/** What an entry says of it. */
export interface AccountWish {
  readonly user: string | undefined;
  readonly group: string | undefined;
}

/** Where users and groups of a machine stand; those of a directory service are given as numbers. */
const files = { users: '/etc/passwd', groups: '/etc/group' };

/** The account that is meant, or why it cannot be had. Undefined when none is asked for. */
export function findAccount(wish: AccountWish): Account | { readonly why: string } | undefined {
  const { user, group } = wish;
  if (user === undefined && group === undefined) return undefined;
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const row = rowOf(files.users, user ?? String(own.uid));
  const uid = row === undefined ? numberOf(user ?? String(own.uid)) : Number(row[2]);
  if (uid === undefined) return { why: `this machine has no user "${user}"` };
  const gid = group === undefined ? primaryGroup(row, uid, own) : groupNumber(group);
  if (gid === undefined)
    return {
      why:
        group === undefined
          ? `the user ${user} is not in ${files.users}, needed group too`
          : `this machine has no group "${group}"`,
    };
  if (own.uid !== 0 && (uid !== own.uid || gid !== own.gid))
    return {
      why:
        `found ${wordsOf(wish)}, and the daemon runs as user ${own.uid}, group ${own.gid}; ` +
        'only root may start programs as somebody else',
    };
  return { uid, gid, name: row?.[0], home: row?.[5] };
}

/** The first thing that the account may not use, in words; undefined when it may use all. ACLs are not looked at. */
export function findClosed(
  account: Account,
  program: { readonly file: string; readonly cwd: string; readonly args: readonly string[] },
): string | undefined {
  const { file, cwd, args } = program;
  if (!mayUse(account, cwd, mayEnter)) return `may not enter the working directory ${cwd}`;
  if (!mayUse(account, file, mayRun)) return `may not run ${file}`;
  const closed = args
    .slice(0, argsLookedAt)
    .map((argument) => resolve(cwd, argument))
    .find((path) => kindOf(path) !== undefined && !mayUse(account, path, mayRead));
  return closed === undefined ? undefined : `may not read ${closed}, which is among its arguments`;
}

/** Arguments beyond these are not looked up as files. */
const argsLookedAt = 64;
const [mayRead, mayEnter, mayRun] = [4, 1, 1];

function wordsOf({ user, group }: AccountWish): string {
  return [user && `user ${user}`, group && `group ${group}`].filter(Boolean).join(' and ');
}

function primaryGroup(
  row: readonly string[] | undefined,
  uid: number,
  own: { readonly uid: number; readonly gid: number },
): number | undefined {
  if (row !== undefined) return Number(row[3]);
  return uid === own.uid ? own.gid : undefined;
}

function groupNumber(group: string): number | undefined {
  const row = rowOf(files.groups, group);
  return row === undefined ? numberOf(group) : Number(row[2]);
}

/** The row of a name, or else of a number: `name:password:number:…`, passwd(5) and group(5). */
function rowOf(file: string, name: string): readonly string[] | undefined {
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  return rows.find((row) => row[0] === name) ?? rows.find((row) => row[2] === name);
}

function numberOf(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** Every folder on the way must let it through; a folder itself need only do that. */
function mayUse(account: Account, path: string, bits: number): boolean {
  if (account.uid === 0) return true;
  try {
    const real = realpathSync(path);
    const wanted = kindOf(real) === 'folder' ? mayEnter : bits;
    if (!allows(account, real, wanted)) return false;
    for (let folder = dirname(real); ; folder = dirname(folder)) {
      if (!allows(account, folder, mayEnter)) return false;
      if (dirname(folder) === folder) return true;
    }
  } catch {
    // Not there, or a circle of links: starting it will say so.
    return true;
  }
}

function allows({ uid, gid }: Account, path: string, bits: number): boolean {
  const info = statSync(path);
  const shift = info.uid === uid ? 6 : info.gid === gid ? 3 : 0;
  return ((info.mode >> shift) & bits) === bits;
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) return undefined;
  return info.isDirectory() ? 'folder' : 'file';
}
