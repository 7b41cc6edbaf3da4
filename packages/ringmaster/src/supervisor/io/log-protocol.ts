import type { LogLimits } from './log-file.ts';

/** What the main thread tells the log thread. A `path` is a log file, a `pipe` a number the sender gave one pipe of it. */
export type LogCommand =
  | {
      readonly kind: 'open';
      readonly path: string;
      readonly pipe: number;
      /** Descriptor to read; the thread owns it from now on (descriptors belong to the whole process). */
      readonly fd: number;
      readonly limits: LogLimits;
    }
  | {
      readonly kind: 'note';
      readonly path: string;
      readonly text: string;
      readonly limits: LogLimits;
    }
  | { readonly kind: 'limits'; readonly path: string; readonly limits: LogLimits }
  | {
      readonly kind: 'tail';
      readonly path: string;
      /** Wait (briefly) for the end of this pipe first. */
      readonly pipe: number | undefined;
      readonly count: number;
      readonly request: number;
    }
  | { readonly kind: 'closePipe'; readonly path: string; readonly pipe: number }
  | { readonly kind: 'flush'; readonly request: number };

/** What the log thread answers; `request` is the number of the question. */
export type LogReply =
  | { readonly kind: 'tail'; readonly request: number; readonly lines: readonly string[] }
  | { readonly kind: 'flushed'; readonly request: number };
