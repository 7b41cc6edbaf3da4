import type { LogLimits } from '../log-retention.ts';

/** What the main thread tells the log thread. A `folder` is a server's, a `pipe` a number the sender gave one pipe of it. */
export type LogCommand =
  | {
      readonly kind: 'open';
      readonly folder: string;
      readonly pipe: number;
      /** Which number of those both threads see grows by what is captured of it. */
      readonly counter: number;
      /** Descriptor to read; the thread owns it from now on (descriptors belong to the whole process). */
      readonly fd: number;
      readonly limits: LogLimits;
    }
  | {
      readonly kind: 'note';
      readonly folder: string;
      /** Whole lines. */
      readonly text: string;
      readonly limits: LogLimits;
    }
  | { readonly kind: 'limits'; readonly folder: string; readonly limits: LogLimits }
  | {
      readonly kind: 'tail';
      /** Its end is waited for, briefly. */
      readonly pipe: number;
      readonly count: number;
      readonly request: number;
    }
  | { readonly kind: 'flush'; readonly request: number };

/** What the log thread answers; `request` is the number of the question. */
export type LogReply =
  | { readonly kind: 'tail'; readonly request: number; readonly lines: readonly string[] }
  | {
      readonly kind: 'flushed';
      readonly request: number;
      /** By folder: bytes that could not be written since the daemon started. */
      readonly lostBytes: ReadonlyMap<string, number>;
    };
