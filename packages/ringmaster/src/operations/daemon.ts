import { z } from 'zod';
import { controllers } from '../supervisor/cgroup.ts';
import { operation } from './operation.ts';
import { serverView } from './servers.ts';

/** What can be asked of the daemon itself. */
export const daemonOperations = {
  'daemon.status': operation({
    summary: 'Show the daemon and every server',
    input: z.object({}),
    output: z.object({
      version: z.string(),
      pid: z.int(),
      life: z.int().describe('Starts of the daemon on this data directory'),
      startedAtMs: z.number().meta({ unit: 'ms since 1970' }),
      uptimeMs: z.number().meta({ unit: 'ms' }),
      fleet: z.string(),
      revision: z.int(),
      file: z.string(),
      dataDir: z.string(),
      profile: z.string().optional(),
      url: z.string().describe('Address of the endpoint for all servers'),
      sessions: z.int(),
      memoryBytes: z.number().meta({ unit: 'bytes' }),
      cgroup: z
        .object({
          kind: z
            .enum(['limits', 'members', 'none'])
            .describe(
              'limits: control groups hold every process of a server and keep its limits; members: only the first; none: neither',
            ),
          controllers: z.array(z.enum(controllers)).describe('Those that are on'),
          why: z
            .enum(['absent', 'closed', 'root', 'shared', 'refused'])
            .optional()
            .describe('Why there is none'),
        })
        .describe('What control groups of version 2 do here'),
      servers: z.array(serverView),
      lastRejected: z
        .object({ atMs: z.number(), problems: z.array(z.string()) })
        .optional()
        .describe('The newest fleet file that could not be applied'),
    }),
    errors: [],
  }),
  'daemon.shutdown': operation({
    summary: 'Stop every server, then the daemon',
    input: z.object({}),
    output: z.object({ pid: z.int() }),
    errors: [],
  }),
} as const;
