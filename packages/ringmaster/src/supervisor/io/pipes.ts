import { execFile, execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../errors.ts';

const { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK } = constants;

/** Named pipes kept ready, so that a restart after a crash need not run `mkfifo` first. */
const spareCount = 12;
const refillBelow = 6;
/** Pipes of one server: its three streams. */
const pipesPerServer = 3;

/** Makes and hands out the named pipes through which servers outlive the daemon (decisions/0003). */
export interface PipeShop {
  /** Resolves when pipes for that many servers were made, in one run of `mkfifo`; `take` tells if that failed. */
  prepare(servers: number): Promise<void>;
  /** The path of a fresh pipe. */
  take(): string;
  discard(path: string | undefined): void;
  /** Removes what an earlier life left, except the pipes named. */
  sweep(keep: ReadonlySet<string>): void;
}

/** `life` keeps the names of two lives of the daemon apart. */
export function createPipeShop(folder: string, life: number): PipeShop {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ready: string[] = [];
  let made = 0;
  let coming: { readonly count: number; readonly done: Promise<void> } | undefined;

  const newPaths = (count: number) =>
    Array.from({ length: count }, () => join(folder, `${life}-${made++}`));

  function makeNow(count: number): void {
    const paths = newPaths(count);
    try {
      execFileSync('mkfifo', ['-m', '600', ...paths], { stdio: 'pipe' });
    } catch (cause) {
      throw new Problem('unsupported_platform', 'Cannot make named pipes with mkfifo', { cause });
    }
    ready.push(...paths);
  }

  /** One run of `mkfifo` at a time; when it fails, `take` runs another, and tells. */
  function makeSoon(count: number): Promise<void> {
    const paths = newPaths(count);
    const done = new Promise<void>((resolve) => {
      execFile('mkfifo', ['-m', '600', ...paths], (error) => {
        coming = undefined;
        if (error === null) ready.push(...paths);
        resolve();
      });
    });
    coming = { count, done };
    return done;
  }

  return {
    async prepare(servers) {
      const count = servers * pipesPerServer;
      const missing = count - ready.length - (coming?.count ?? 0);
      await coming?.done;
      if (missing > 0) await makeSoon(missing + spareCount);
    },
    take: () => {
      if (ready.length === 0) makeNow(spareCount);
      const path = ready.shift();
      if (path === undefined) throw new Problem('bug', 'No named pipe was made');
      if (coming === undefined && ready.length < refillBelow) void makeSoon(spareCount);
      return path;
    },
    discard: (path) => {
      if (path !== undefined) rmSync(path, { force: true });
    },
    sweep: (keep) => {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (!keep.has(path) && !name.startsWith(`${life}-`)) unlinkSync(path);
      }
    },
  };
}

/** Opens for reading without waiting for a writer; reads end when the last writer is gone. */
export function openReader(path: string): number {
  return openSync(path, O_RDONLY | O_NONBLOCK);
}

/** Opens for writing; fails with ENXIO when nobody reads. */
export function openWriter(path: string): number {
  return openSync(path, O_WRONLY | O_NONBLOCK);
}

/**
 * The server's end of its output: read and write, so that it never meets a broken pipe while no daemon reads; it waits
 * instead, once 64 KiB are full.
 */
export function openServerOutput(path: string): number {
  return openSync(path, O_RDWR);
}

/** Both ends of a server's input: its own (blocking, read only, so that it sees the end) and ours. */
export function openServerInput(path: string): { readonly theirs: number; readonly ours: number } {
  const both = openSync(path, O_RDWR | O_NONBLOCK);
  const theirs = openSync(path, O_RDONLY);
  const ours = openWriter(path);
  closeSync(both);
  return { theirs, ours };
}

/** A pipe holds 64 KiB; what is read back here is what was in it, and nothing more is written. */
const pipeBytes = 65_536;

/**
 * What a dead server never read of its input. A pipe keeps its content as long as one end is open, and ours is: so
 * these messages are known not to have been executed.
 */
export function readBack(path: string): string {
  const fd = openReader(path);
  try {
    const bytes = Buffer.alloc(pipeBytes);
    return bytes.toString('utf8', 0, readSync(fd, bytes));
  } catch (error) {
    // It had read everything.
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return '';
    throw error;
  } finally {
    closeSync(fd);
  }
}
