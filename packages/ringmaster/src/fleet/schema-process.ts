import { z } from 'zod';
import { optionalSizeBytes } from './units.ts';

/** `resources` of a server: what one process of it may use together with all it starts. Left out: no limit. */
export const resources = z.strictObject({
  memoryBytes: optionalSizeBytes({
    min: 1_048_576,
    max: 1_000_000_000_000_000,
    describe: 'Resident memory; above it the server is restarted',
  }),
  cpuPercent: z
    .number()
    .min(1)
    .max(100_000)
    .optional()
    .meta({ unit: '% of one core' })
    .describe('Processor time; half a minute above it is told, and nothing is ended'),
  processes: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .meta({ unit: 'processes' })
    .describe('Processes; above it the server is restarted'),
  openFiles: z
    .int()
    .min(16)
    .max(10_000_000)
    .optional()
    .meta({ unit: 'files' })
    .describe('Files each process may have open at once'),
});

/** `user` or `group` of a server: a name of this machine, or a number. */
export function account(what: 'user' | 'group') {
  return z
    .union([z.string(), z.int().min(0)])
    .transform(String)
    .pipe(
      z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, {
        error: `needed the name or number of a ${what}`,
      }),
    )
    .optional();
}

/** `spawn` of the fleet file: what may be run at all. */
export const spawn = z.strictObject({
  allowCommands: z
    .array(z.string())
    .default([])
    .describe(
      'Names or paths of programs that may be run; * stands for anything, and is judged by where links lead. Empty: any',
    ),
  allowPaths: z
    .array(z.string())
    .default([])
    .describe(
      'Folders that must hold the real paths of program, of files among its arguments, and of cwd. Empty: any',
    ),
  allowEnvironment: z
    .array(z.string())
    .default([])
    .describe(
      'Variables such as NODE_OPTIONS or LD_PRELOAD that entries may set although they run code',
    ),
  approve: z
    .enum(['never', 'changed', 'all'])
    .default('never')
    .describe('Whether a changed (or any) server waits until a person approves what it runs'),
});
