import { z } from 'zod';
import { operation } from './operation.ts';

const plannedAction = z.object({
  action: z.enum(['start', 'stop', 'restart', 'reroute', 'add', 'remove']),
  server: z.string(),
  why: z.string(),
});

/** What an apply did, or would do. */
export const applied = z.object({
  revision: z.int(),
  applied: z.boolean(),
  actions: z.array(plannedAction),
});

/** What can be asked of the fleet as a whole. */
export const fleetOperations = {
  'fleet.get': operation({
    summary: 'Show the fleet that runs',
    input: z.object({}),
    output: z.object({
      name: z.string(),
      revision: z.int(),
      file: z.string(),
      servers: z.array(z.string()),
      profile: z.string().optional(),
    }),
    errors: [],
  }),
  'fleet.apply': operation({
    summary: 'Read the fleet file again and make it so',
    input: z.object({ dryRun: z.boolean().default(false).describe('Only say what would be done') }),
    output: applied,
    errors: ['fleet_invalid', 'fleet_not_found'],
  }),
} as const;
