import { createHash } from 'node:crypto';
import type { SpawnGate } from './gate.ts';
import { runPermitted } from './run-permitted.ts';

/** A program that is run once and is no server. */
export interface ProgramWish {
  /** For the gate and its events. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Arguments after those: data that differs each time, which no approval is about. */
  readonly texts?: readonly string[];
  /** What it reads on stdin. */
  readonly input: string;
}

/** How long it may take. */
const programTimeoutMs = 10_000;

/** Runs programs through the gate, as servers are: no shell, and its whole group is killed when it is late. */
export function createProgramRunner(
  gate: SpawnGate,
  baseDir: () => string,
): (wish: ProgramWish) => Promise<void> {
  return ({ name, command, args, texts = [], input }) => {
    const permit = gate.pass({
      ...{ server: name, written: command, command, args: [...args, ...texts] },
      ...{ cwd: baseDir(), isCwdSet: false, environment: [] },
      ...{ path: process.env['PATH'], account: { user: undefined, group: undefined } },
      hash: createHash('sha256')
        .update(JSON.stringify([command, args]))
        .digest('hex'),
      openFiles: undefined,
    });
    const how = { cwd: baseDir(), env: process.env, timeoutMs: programTimeoutMs };
    return runPermitted(permit, { ...how, input });
  };
}
