import { closeSync } from 'node:fs';
import type { ServerSpec } from '../../fleet/fleet.ts';
import type { InstanceRecord } from '../record.ts';
import {
  openReader,
  openServerInput,
  openServerOutput,
  openWriter,
  type PipeShop,
} from './pipes.ts';

type Pipes = InstanceRecord['pipes'];

/** Our ends of a server's pipes. A stdio server has all three; a service that wants input, two. */
export interface OurEnds {
  readonly writeFd: number | undefined;
  readonly readFd: number | undefined;
  readonly logFd: number;
}

/** What the server gets as its standard input, output and error. */
export interface TheirEnds {
  readonly input: number | 'ignore';
  readonly output: number;
  readonly error: number;
}

/** Both sides of fresh pipes; whoever opens them closes `theirs` once the server has them. */
export interface OpenPipes {
  readonly pipes: Pipes;
  readonly ours: OurEnds;
  readonly theirs: TheirEnds;
}

/** Takes pipes from the shop and opens both sides of each. */
export function openPipes(shop: PipeShop, spec: ServerSpec): OpenPipes {
  const isStdio = spec.kind === 'stdio';
  const pipes: Pipes = {
    ...(isStdio || spec.stdin ? { in: shop.take() } : {}),
    ...(isStdio ? { out: shop.take() } : {}),
    log: shop.take(),
  };
  const logFd = openReader(pipes.log);
  const error = openServerOutput(pipes.log);
  const input = pipes.in === undefined ? undefined : openServerInput(pipes.in);
  const readFd = pipes.out === undefined ? undefined : openReader(pipes.out);
  const output = pipes.out === undefined ? error : openServerOutput(pipes.out);
  return {
    pipes,
    ours: { writeFd: input?.ours, readFd, logFd },
    theirs: { input: input?.theirs ?? 'ignore', output, error },
  };
}

/** Opens our ends of pipes a server already holds; undefined when it closed one, or somebody removed it. */
export function reopenPipes(pipes: Pipes): OurEnds | undefined {
  const opened: number[] = [];
  const keep = (fd: number) => {
    opened.push(fd);
    return fd;
  };
  try {
    const writeFd = pipes.in === undefined ? undefined : keep(openWriter(pipes.in));
    const readFd = pipes.out === undefined ? undefined : keep(openReader(pipes.out));
    return { writeFd, readFd, logFd: keep(openReader(pipes.log)) };
  } catch {
    // ENXIO: nobody reads its input any more. ENOENT: the pipe is gone.
    closeAll(opened);
    return undefined;
  }
}

/** Closes what is open of these. */
export function closeAll(fds: readonly (number | 'ignore' | undefined)[]): void {
  for (const fd of new Set(fds)) if (typeof fd === 'number') closeSync(fd);
}
