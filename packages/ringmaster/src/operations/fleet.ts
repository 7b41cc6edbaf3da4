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

/** Longest text of a fleet file that is taken, in characters. */
const fleetTextMax = 2_000_000;
const fleetText = z.string().max(fleetTextMax).describe('The whole fleet file, as it would be');

/** What a text would change, or where it is wrong. */
export const plannedText = z.object({
  problems: z
    .array(z.object({ line: z.int(), column: z.int(), path: z.string(), message: z.string() }))
    .describe('Empty when the text is fine; lines and columns count from 1'),
  revision: z.int(),
  actions: z.array(plannedAction).describe('What saving it would do, in this order'),
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
  'fleet.read': operation({
    summary: 'Read the fleet file as it is written, with what it says in plain text',
    input: z.object({}),
    output: z.object({
      file: z.string(),
      text: z.string(),
      hash: z.string().describe('fleet.save asks for it, so that nobody overwrites another'),
    }),
    errors: ['file_unreadable', 'fleet_not_found'],
  }),
  'fleet.plan': operation({
    summary: 'Check a text for the fleet file, and say what saving it would do; nothing is changed',
    input: z.object({ text: fleetText }),
    output: plannedText,
    errors: [],
  }),
  'fleet.save': operation({
    summary: 'Replace the fleet file by a text that was checked whole, and make it so',
    input: z.object({ text: fleetText, hash: z.string().describe('Of what fleet.read gave') }),
    output: applied,
    errors: ['fleet_invalid', 'fleet_changed', 'fleet_not_found', 'file_unreadable'],
  }),
  'fleet.apply': operation({
    summary: 'Read the fleet file again and make it so',
    input: z.object({ dryRun: z.boolean().default(false).describe('Only say what would be done') }),
    output: applied,
    errors: ['fleet_invalid', 'fleet_not_found'],
  }),
} as const;
