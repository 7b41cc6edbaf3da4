import { z } from 'zod';
import { alerts } from './schema-alerts.ts';
import { asks, roots } from './schema-asks.ts';
import { auth } from './schema-auth.ts';
import { prefixPolicy, show, view } from './schema-names.ts';
import { account, resources, spawn } from './schema-process.ts';
import { schedule } from './schema-schedules.ts';
import {
  health,
  journal,
  limits,
  listen,
  logs,
  metrics,
  pool,
  restart,
  slo,
  start,
  stop,
} from './schema-sections.ts';
import { sessions } from './schema-sessions.ts';
import { telemetry } from './schema-telemetry.ts';
import { durationMs } from './units.ts';

const minuteMs = 60_000;

/** What it offers stands on one line of a terminal with the rest. */
const featuresMax = 12;
const featureMaxLetters = 40;

/** Server names become URL segments, folder names and tool prefixes, so they are short and plain. */
export const serverNamePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,47}$/;

/** Text, or a number or boolean that YAML and TOML read where text was meant (`PORT: 8080`). */
const scalarText = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const textByName = z.record(z.string(), scalarText);

/** One entry below `servers`, as it is written; `${VAR}` stays as it is. */
const serverEntrySchema = z.strictObject({
  kind: z
    .enum(['mcp', 'service'])
    .default('mcp')
    .describe('An MCP server, or a plain service that is only supervised'),
  command: z.string().min(1).optional().describe('Program to run; no shell is involved'),
  args: z.array(scalarText).default([]).describe('Arguments of the program'),
  cwd: z.string().optional().describe('Working directory; relative to the fleet file'),
  env: textByName
    .default({})
    .describe('Environment of the program; ${VAR} and ${VAR:-default} are expanded at start'),
  envFile: z
    .string()
    .optional()
    .describe('File of NAME=value lines added to env; relative to the fleet file'),
  url: z
    .string()
    .optional()
    .describe('Address of an HTTP MCP server; with a command, of the one it starts'),
  headers: textByName
    .default({})
    .describe('Headers sent to the HTTP MCP server; ${VAR} is expanded at start'),
  auth: auth.prefault({}),
  port: z
    .union([z.int().min(1).max(65_535), z.literal('auto')])
    .optional()
    .describe('Port the program listens on, given to it as PORT; auto chooses a free one'),
  stdin: z
    .boolean()
    .default(false)
    .describe('Whether a service reads what ringmaster send-input writes to its input'),
  enabled: z
    .boolean()
    .default(true)
    .describe('false keeps the entry, and it starts only when somebody asks for it by its name'),
  description: z.string().optional().describe('A sentence for people'),
  docsUrl: z
    .string()
    .regex(/^(\/|https?:\/\/)/, {
      error: 'needed a path that begins with / or an address that begins with http:// or https://',
    })
    .optional()
    .describe('Where its documentation is, shown at start: an address, or a path on its port'),
  features: z
    .array(z.string().trim().min(1).max(featureMaxLetters))
    .max(featuresMax)
    .default([])
    .describe(
      `What it offers, for people, shown at start and in its status: at most ${featuresMax} of ${featureMaxLetters} letters`,
    ),
  dependsOn: z.array(z.string()).default([]).describe('Servers that must be ready first'),
  era: z
    .enum(['auto', 'legacy', '2026-07-28'])
    .default('auto')
    .describe('Protocol era; auto probes and remembers'),
  restart: restart.prefault({}),
  start: start.prefault({}),
  stop: stop.prefault({}),
  health: health.prefault({}),
  logs: logs.prefault({}),
  limits: limits.prefault({}),
  resources: resources.prefault({}),
  user: account('user').describe(
    'User the program runs as; the daemon must be root, or be that user',
  ),
  group: account('group').describe("Group it runs as; the user's own if left out"),
  pool: pool.prefault({}),
  show: show.prefault({}),
  slo: slo.prefault({}),
  roots: roots
    .optional()
    .describe('Folders this server is told of, instead of the roots of the fleet'),
  imported: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .optional()
    .describe('Keys of a client that only that client understands, kept for export; not used here'),
});

/** The whole fleet file. Rules that need several fields stand in `resolve.ts`. */
export const fleetFileSchema = z.strictObject({
  $schema: z.string().optional().describe('Address of the JSON Schema, for editors'),
  fleet: z
    .string()
    .regex(serverNamePattern)
    .default('default')
    .describe('Name of the fleet; also names its data directory'),
  listen: listen.prefault({}),
  servers: z.record(z.string(), serverEntrySchema).default({}).describe('The servers, by name'),
  profiles: z
    .record(z.string(), z.union([z.array(z.string()), z.literal('all')]))
    .default({})
    .describe('Named subsets of servers for --profile'),
  prefix: prefixPolicy
    .default('auto')
    .describe(
      'When tools and prompts are called SERVER__NAME: auto where another server has the name already',
    ),
  search: z
    .boolean()
    .default(false)
    .describe('Clients of /mcp see find_tool and call_tool instead of a long list of tools'),
  views: z
    .record(z.string(), view)
    .default({})
    .describe('Named parts of the fleet, each with its own endpoint /views/NAME/mcp'),
  variablesFile: z
    .string()
    .default('ringmaster.env')
    .describe(
      'File of NAME=value lines where ${VAR} is looked up after the environment; may be missing',
    ),
  sessions: sessions.prefault({}),
  asks: asks.prefault({}),
  roots: roots
    .optional()
    .describe('Folders servers are told of when they ask, and no client says which it works on'),
  spawn: spawn.prefault({}),
  journal: journal.prefault({}),
  schedules: z
    .record(z.string().regex(serverNamePattern), schedule)
    .default({})
    .describe('What the daemon does at set times, by name'),
  metrics: metrics.prefault({}),
  telemetry: telemetry.prefault({}),
  alerts: alerts.prefault({}),
  orphanGraceMs: durationMs({
    min: 0,
    max: 30 * 24 * 60 * minuteMs,
    default: 10 * minuteMs,
    describe: 'How long servers outlive a daemon that does not come back',
  }),
  catalogueWaitMs: durationMs({
    min: 0,
    max: 10 * minuteMs,
    default: 10_000,
    describe: 'How long the first list waits for servers that are starting',
  }),
});

/** A server as resolved: every default filled in, durations in milliseconds, sizes in bytes. */
export type ServerEntry = z.output<typeof serverEntrySchema>;
/** The fleet file as resolved. */
export type FleetFile = z.output<typeof fleetFileSchema>;
/** What one may write: defaults may be left out, durations may be text. */
export type FleetFileInput = z.input<typeof fleetFileSchema>;
/** What one may write for one server. */
export type ServerEntryInput = z.input<typeof serverEntrySchema>;
