import { fitsPattern } from '../fleet/pattern.ts';

/** The `spawn` section of the fleet file. */
export interface SpawnPolicy {
  /** Commands as written, or real paths; `*` stands for anything. Empty allows any. */
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
  /** The program that would run, without symbolic links; undefined when there is none. */
  readonly realPath: string | undefined;
  /** A name without a slash finds the same program in the daemon's own PATH. */
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
  const { command, realPath } = request;
  if (realPath === undefined)
    return refused(`found no program "${command}"; looked in PATH or at that path`);
  const { allowCommands, allowPaths } = policy;
  const countsAsWritten = command.includes('/') ? isPlainPath(command) : request.isUsual;
  const isAllowed = (pattern: string) =>
    (countsAsWritten && fitsPattern(pattern, command)) || fitsPattern(pattern, realPath);
  if (allowCommands.length > 0 && !allowCommands.some(isAllowed))
    return refused(`"${command}" is not among spawn.allowCommands`);
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

/** What a pattern says of such a path is true of where it leads: neither `..` nor a variable takes it elsewhere. */
function isPlainPath(command: string): boolean {
  return !command.includes('${') && !command.split('/').includes('..');
}

function isInside(folder: string, path: string): boolean {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  return path === folder || path.startsWith(prefix);
}
