import type { Clock } from '../../clock.ts';
import type { ServerSpec } from '../../fleet/fleet.ts';
import type { Append } from '../../journal/events.ts';
import type { Conversations } from '../conversation.ts';
import type { Exit } from '../instance.ts';
import type { Signal } from '../instance-table.ts';
import type { BodyNeeds } from './body.ts';
import type { SpawnGate } from './gate.ts';
import type { NextGeneration } from './generations.ts';
import type { ServerVariables } from './launch.ts';
import type { ResourceWatch } from './resource-watch.ts';
import type { Run } from './run.ts';
import type { NextSight } from './sights.ts';

/** Collaborators of every runner. */
export interface RunnerNeeds extends BodyNeeds {
  readonly clock: Clock;
  readonly append: Append;
  readonly conversations: Conversations;
  readonly gate: SpawnGate;
  readonly resourceWatch: ResourceWatch;
  readonly nextSight: NextSight;
  /** 0 … 1. */
  readonly chance: () => number;
  readonly owner: string;
  readonly nextGeneration: NextGeneration;
  /** What somebody wanted of a server in an earlier life of the daemon, or before it joined the fleet. */
  readonly decided: (server: string) => unknown;
  readonly firstRequestId: number;
  /** What a server's `${VAR}` are looked up in, read anew at each start. */
  readonly variables: (spec: ServerSpec) => Promise<ServerVariables>;
  /** Something that must outlive the daemon changed. */
  readonly onChange: () => void;
}

/** The signals and facts that the helpers of a runner report. */
export interface RunnerInside {
  readonly needs: RunnerNeeds;
  readonly run: Run;
  readonly isCurrent: (generation: number) => boolean;
  readonly signal: (signal: Signal, why: string) => void;
  readonly died: (exit: Exit, why?: string) => void;
  readonly arm: (delayMs: number) => void;
  /** Begins a new generation without leaving `starting`: what was to be taken up is gone. */
  readonly beginAgain: (why: string) => void;
}
