/** One worker of a bench: a name and a command line. */
export interface Worker {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** What a bench may ask of a manager besides its defaults. */
export interface PeerOptions {
  /** Output of workers goes to files, as it would in earnest. */
  readonly logs: boolean;
}

/** A folder of one run, and the environment of everything in it. */
export interface PeerRun {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A free port, for managers that need one. */
  readonly port: number;
}

/** A command line to run. */
export type CommandLine = readonly [file: string, ...args: string[]];

/** A process manager: how it is told what to run, begun, and told to stop a worker. */
export interface Peer {
  readonly name: string;
  /** Version, as it says itself. */
  version(): string;
  /** Writes its configuration. */
  prepare(run: PeerRun, workers: readonly Worker[], options: PeerOptions): void;
  /** Starts the manager; also once more after its death. */
  begin(run: PeerRun, again: boolean): CommandLine;
  stop(run: PeerRun, worker: string): CommandLine;
  /** Pid of the manager, when it is not the process that was begun. */
  readonly daemon?: (run: PeerRun) => number | undefined;
  /** What it takes beyond the environment of the run. */
  readonly environment?: (run: PeerRun) => Readonly<Record<string, string>>;
  /** Run after all workers are up, before the manager is killed. */
  readonly remember?: (run: PeerRun) => CommandLine;
}
