/** What is known of one process of this machine. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parentPid: number;
  /** Opaque; equal only for the same process. */
  readonly startTime: string;
  /** Its command line; one text where the program changed its title. */
  readonly words: readonly string[];
  readonly residentBytes: number;
  readonly ageMs: number;
  /** The mark of a Ringmaster (`record.ts`), when it carries one. */
  readonly mark: string | undefined;
  /** Whether the machine's service manager started it as a service. */
  readonly isService: boolean;
}

/** A server that some configuration names. */
export interface KnownServer {
  readonly server: string;
  /** The file that names it. */
  readonly file: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** An MCP server that nobody supervises, with everything it started. */
export interface Orphan {
  readonly pid: number;
  readonly startTime: string;
  readonly words: readonly string[];
  readonly ageMs: number;
  /** Of the whole tree. */
  readonly memoryBytes: number;
  /** How it was told: by a configuration, by the mark of a dead Ringmaster, or by its command line alone. */
  readonly told: 'configuration' | 'mark' | 'command';
  /** The name it has there. */
  readonly server: string | undefined;
  readonly file: string | undefined;
  /** The tree, the orphan itself first. */
  readonly processes: readonly { readonly pid: number; readonly startTime: string }[];
}

/**
 * MCP servers whose parent is gone, so that init (or the user's own service manager) took them, and that no living
 * Ringmaster marks. `isOwnerAlive` says whether the daemon or guardian behind a mark's owner lives.
 */
export function findOrphans(
  rows: readonly ProcessFacts[],
  about: {
    readonly known: readonly KnownServer[];
    readonly isOwnerAlive: (owner: string) => boolean;
  },
): Orphan[] {
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  return rows.flatMap((row): Orphan[] => {
    if (row.pid === 1 || !hasLostParent(row, byPid) || isLookedAfter(row)) return [];
    const told = tell(row, about);
    if (told === undefined) return [];
    const tree = treeOf(row, rows);
    return [
      {
        ...{ pid: row.pid, startTime: row.startTime, words: row.words, ageMs: row.ageMs },
        ...told,
        memoryBytes: tree.reduce((sum, one) => sum + one.residentBytes, 0),
        processes: tree.map(({ pid, startTime }) => ({ pid, startTime })),
      },
    ];
  });
}

function hasLostParent(row: ProcessFacts, byPid: ReadonlyMap<number, ProcessFacts>): boolean {
  if (row.parentPid <= 1) return row.parentPid === 1;
  const parent = byPid.get(row.parentPid);
  if (parent === undefined) return true;
  const [program = '', ...words] = wordsOf(parent);
  return baseName(program) === 'systemd' && words.includes('--user');
}

/**
 * By the machine's service manager; servers of a Ringmaster that is a service are looked after by it alone. A daemon left
 * in the background and a guardian have lost their parents on purpose.
 */
function isLookedAfter(row: ProcessFacts): boolean {
  if (row.isService && row.mark === undefined) return true;
  return wordsOf(row).some((word) => /(^|\/)(ringmaster(\.js)?|guardian\.js)$/.test(word));
}

function tell(
  row: ProcessFacts,
  about: Parameters<typeof findOrphans>[1],
): Pick<Orphan, 'told' | 'server' | 'file'> | undefined {
  const [owner, server] = row.mark?.split('/') ?? [];
  if (owner !== undefined) {
    return about.isOwnerAlive(owner) ? undefined : { told: 'mark', server, file: undefined };
  }
  const words = wordsOf(row);
  const known = about.known.find((one) => runs(words, one));
  if (known !== undefined) {
    return { told: 'configuration', server: known.server, file: known.file };
  }
  return looksLikeServer(words)
    ? { told: 'command', server: undefined, file: undefined }
    : undefined;
}

/** Programs that run another one, named by one of their words. */
const runners =
  /^(node|nodejs|bun|bunx|deno|tsx|npm|npx|pnpm|pnpx|yarn|python[\d.]*|uv|uvx|pipx|ruby|sh|bash|dash|zsh|env|docker|podman)$/;
/** Runners that are told the name of a package. */
const packageRunners = /^(npx|pnpx|bunx|uvx|pipx|npm|pnpm|yarn|bun|uv)$/;
const runnerVerbs = /^(exec|dlx|run|tool|x|start)$/;
/** Words looked at behind a runner: the program stands among the first. */
const lookedAtMax = 6;

/** Whether these words are what a configuration starts, directly or behind a runner. */
function runs(words: readonly string[], known: KnownServer): boolean {
  const command = baseName(known.command);
  if (packageRunners.test(command)) {
    const name = known.args.find((word) => !word.startsWith('-') && !runnerVerbs.test(word));
    return name !== undefined && !isPath(name) && programsOf(words).some(isPackage(name));
  }
  const { args } = known;
  const isTelling =
    !runners.test(command) || args.some((word) => isPath(word) || /[@:]/.test(word));
  if (!isTelling || words.length <= args.length) return false;
  const tail = words.slice(words.length - args.length);
  const hasArgs = args.every((word, at) => word.includes('${') || word === tail[at]);
  const head = words.slice(0, words.length - args.length);
  return hasArgs && head.slice(-2).some((word) => baseName(word) === command);
}

function isPath(word: string): boolean {
  return /^[./~]|\.[cm]?[jt]s$|\.py$/.test(word);
}

/** `@scope/name@1.2` runs as that word, as a program `name`, or as a file in the folder of the package. */
function isPackage(wanted: string): (word: string) => boolean {
  const name = wanted.replace(/(?<=.)@[^/]*$/, '').replace(/[=<>[].*$/, '');
  const program = baseName(name);
  return (word) =>
    word === wanted ||
    word === name ||
    bareName(word) === program ||
    word.includes(`/node_modules/${name}/`);
}

/** Names by which MCP servers usually go, whoever wrote them. */
const serverName = /^(mcp-server-[\w.-]+|[\w.]+(-[\w.]+)*-mcp(-server)?|mcp-[\w.-]+-server)$/;

function looksLikeServer(words: readonly string[]): boolean {
  return programsOf(words).some(
    (word) =>
      serverName.test(bareName(word)) ||
      /(^|\/)@modelcontextprotocol\/(?!sdk\b|client\b)[\w.-]+/.test(word),
  );
}

/** The words that may name the program: the first, and behind a runner the first few that are no flags. */
function programsOf(words: readonly string[]): readonly string[] {
  const [first = '', ...rest] = words;
  if (!runners.test(baseName(first))) return [first];
  return [first, ...rest.slice(0, lookedAtMax).filter((word) => !word.startsWith('-'))];
}

/** The words of a command line; a title or a line for a shell is taken apart at its spaces. */
function wordsOf({ words }: ProcessFacts): readonly string[] {
  const [first = '', second, third] = words;
  if (words.length === 1) return first.split(/\s+/);
  const isShellLine = second === '-c' && third !== undefined && runners.test(baseName(first));
  return isShellLine ? third.split(/\s+/) : words;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function bareName(path: string): string {
  return baseName(path).replace(/\.([cm]?[jt]s|py|rb|exe)$/, '');
}

/** Deepest tree followed; a torn listing could hold a circle. */
const depthMax = 64;

function treeOf(root: ProcessFacts, rows: readonly ProcessFacts[]): ProcessFacts[] {
  const tree = [root];
  let last = [root];
  for (let depth = 0; last.length > 0 && depth < depthMax; depth += 1) {
    const parents = new Set(last.map(({ pid }) => pid));
    last = rows.filter((row) => parents.has(row.parentPid) && !tree.includes(row));
    tree.push(...last);
  }
  return tree;
}
