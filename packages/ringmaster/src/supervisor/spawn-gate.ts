import { fitsPattern } from '../fleet/pattern.ts';

/** The `spawn` section of the fleet file. */
export interface SpawnPolicy {
  /** Names as PATH finds them, or absolute paths; `*` stands for anything. Empty allows any. */
  readonly allowCommands: readonly string[];
  /** Folders, absolute, one of which must hold each real path of a request. Empty allows any. */
  readonly allowPaths: readonly string[];
  /** Variables that may be set although they make programs load foreign code. */
  readonly allowEnvironment: readonly string[];
  readonly approve: 'never' | 'changed' | 'all';
}

/** What somebody wants to run, looked up on this machine. */
export interface SpawnRequest {
  /** As written in the fleet file. */
  readonly command: string;
  /** The same as it is looked for: variables filled in, absolute if it has a slash. */
  readonly name: string;
  /** The file that was found, absolute, links in it kept; undefined when there is none. */
  readonly path: string | undefined;
  /** The same without symbolic links: the program that would run. */
  readonly realPath: string | undefined;
  /** The name has no slash, and finds the same program in the daemon's own PATH. */
  readonly isUsual: boolean;
  /** Real paths of the working directory its entry sets, and of the files among its arguments. */
  readonly places: readonly string[];
  /** Names of the variables its entry sets. */
  readonly environment: readonly string[];
  /** sha256 of command, arguments, working directory and environment. */
  readonly hash: string;
  /** The hash a person approved, or the first one seen; `heldHash` for one an agent added; undefined for a new one. */
  readonly approved: string | undefined;
}

/** In place of the hash of a server that an agent added: no first sight is trust in what no person wrote. */
export const heldHash = 'held';

/** Allowed; or refused, with the rule that says so; or to be asked about. */
export type SpawnVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'unapproved'; readonly why: string };

/**
 * Variables through which an environment runs code of its own in whatever program gets it; loaders and interpreters
 * document them for that purpose.
 */
const injecting = new Set([
  'LD_PRELOAD',
  'LD_AUDIT',
  'LD_LIBRARY_PATH',
  'DYLD_INSERT_LIBRARIES',
  'DYLD_LIBRARY_PATH',
  'GCONV_PATH',
  'NODE_OPTIONS',
  'BASH_ENV',
  'PERL5OPT',
  'PERL5DB',
  'PYTHONSTARTUP',
  'RUBYOPT',
  'JAVA_TOOL_OPTIONS',
  'JDK_JAVA_OPTIONS',
  '_JAVA_OPTIONS',
  'DOTNET_STARTUP_HOOKS',
]);

/** The one rule before anything is spawned, whoever asks: fleet file, command line, program or agent. */
export function judgeSpawn(policy: SpawnPolicy, request: SpawnRequest): SpawnVerdict {
  const { command, path, realPath } = request;
  if (path === undefined || realPath === undefined)
    return refused(`found no program "${command}"; looked in PATH or at that path`);
  const { allowCommands, allowPaths } = policy;
  const found = { ...request, path, realPath };
  if (allowCommands.length > 0 && !allowCommands.some((pattern) => isNamed(pattern, found)))
    return refused(whyNotNamed(allowCommands, found));
  const isOutside = (path: string) => !allowPaths.some((folder) => isInside(folder, path));
  const outside = [realPath, ...request.places].find(isOutside);
  if (allowPaths.length > 0 && outside !== undefined)
    return refused(`${outside} is in none of the folders of spawn.allowPaths`);
  const name = request.environment.find(
    (variable) => injecting.has(variable) && !policy.allowEnvironment.includes(variable),
  );
  if (name !== undefined)
    return refused(`its environment sets ${name}, which is not among spawn.allowEnvironment`);
  return judgeApproval(policy, request);
}

function judgeApproval(policy: SpawnPolicy, request: SpawnRequest): SpawnVerdict {
  const { approved, hash } = request;
  if (policy.approve === 'never' || approved === hash) return { kind: 'allowed' };
  if (approved === heldHash)
    return { kind: 'unapproved', why: 'an agent added it, and nobody has approved it yet' };
  if (approved === undefined)
    return policy.approve === 'all'
      ? { kind: 'unapproved', why: 'nobody has approved it yet' }
      : { kind: 'allowed' };
  return { kind: 'unapproved', why: 'what it runs has changed since it was approved' };
}

function refused(why: string): SpawnVerdict {
  return { kind: 'refused', why };
}

interface Found extends Pick<SpawnRequest, 'command' | 'name' | 'isUsual'> {
  readonly path: string;
  readonly realPath: string;
}

/**
 * Who names a program or a link to one means just that, wherever it leads (`npx`, the python of a virtual environment).
 * Who names many with `*` means programs that are there, not whatever a link among them leads to.
 */
function isNamed(pattern: string, { name, isUsual, path, realPath }: Found): boolean {
  if (isUsual && fitsPattern(pattern, name)) return true;
  return fitsPattern(pattern, realPath) || pattern === path;
}

function whyNotNamed(patterns: readonly string[], { command, path, realPath }: Found): string {
  if (patterns.some((pattern) => fitsPattern(pattern, path)))
    return (
      `${path} fits a pattern of spawn.allowCommands, but leads to ${realPath}, which fits none; ` +
      'a link is allowed by its own path, without *'
    );
  return command === realPath
    ? `"${command}" is not among spawn.allowCommands`
    : `"${command}", which is ${realPath}, is not among spawn.allowCommands`;
}

function isInside(folder: string, path: string): boolean {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  return path === folder || path.startsWith(prefix);
}
