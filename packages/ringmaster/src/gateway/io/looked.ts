import type { Beyond, Difference, ExtraTools } from '../extra-tools.ts';

/** What is known of the tools one server offers to some clients only, and the look at them that is under way. */
export interface Looked {
  extras: ExtraTools;
  /** Names of the tools a process listed first that was told what all are told; undefined until one has. */
  firstTools: ReadonlySet<unknown> | undefined;
  /** Right after its handshake it announced other tools: it made them then, knowing its client. */
  isRestless: boolean;
  /** What a process is wanted for, or looks with at the moment. */
  wanted: Beyond | undefined;
  /** What else was wanted meanwhile: one look follows the other. */
  readonly next: Set<Beyond>;
  /** What the process that looks tells of its tools; undefined while none looks. */
  by: ToldTools | undefined;
  /** A process that was to look ended before it had: the server may not run twice, so no other is started for it. */
  isGivenUp: boolean;
}

/** Nothing is known yet. */
export function nothingLooked(): Looked {
  return {
    extras: new Map(),
    firstTools: undefined,
    isRestless: false,
    wanted: undefined,
    next: new Set(),
    by: undefined,
    isGivenUp: false,
  };
}

/** What one process told of its tools. */
export interface ToldTools {
  /** It was opened for one client, and told what that declared. */
  isOwn: boolean;
  /** Its first list was read. */
  isListed: boolean;
  /** It announced other tools before that: it made them when it knew its client. */
  isRestless: boolean;
  /** How the tools for its one client differ from those for everybody. */
  differs: Difference | undefined;
}

/** It told nothing yet. */
export function nothingTold(): ToldTools {
  return { isOwn: false, isListed: false, isRestless: false, differs: undefined };
}

/** It announced that its tools are others. */
export function noteChange(told: ToldTools): void {
  if (!told.isListed) told.isRestless = true;
}
