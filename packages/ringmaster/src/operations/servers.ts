import { z } from 'zod';
import { applied } from './fleet.ts';
import { operation } from './operation.ts';

const exit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exited'), code: z.int() }),
  z.object({ kind: z.literal('signalled'), signal: z.string() }),
  z
    .object({ kind: z.literal('unknown') })
    .describe('The process was adopted from an earlier daemon'),
  z.object({ kind: z.literal('spawnFailed'), message: z.string() }),
]);

/** How a remote server stands with its authorization server; never a token. */
const signIn = z.object({
  state: z
    .enum(['needed', 'underWay', 'signedIn', 'expired'])
    .describe('needed and expired: run ringmaster login; underWay: a person is at it'),
  why: z.string().optional().describe('What is amiss, or was refused last'),
  issuer: z.string().optional().describe('Its authorization server'),
  scopes: z.array(z.string()).describe('What was granted'),
  expiresAtMs: z.number().optional().meta({ unit: 'ms since 1970' }),
});

/** One server as everybody outside sees it: state, why, figures. */
export const serverView = z.object({
  server: z.string(),
  kind: z.enum(['stdio', 'http', 'remote', 'service']),
  wanted: z.enum(['running', 'stopped']),
  state: z.enum([
    'stopped',
    'asleep',
    'starting',
    'ready',
    'sick',
    'stopping',
    'waiting',
    'failed',
  ]),
  why: z.string(),
  sinceMs: z.number().meta({ unit: 'ms since 1970' }),
  generation: z.int(),
  pid: z.int().optional(),
  port: z.int().optional(),
  url: z.string().optional(),
  startedAtMs: z.number().optional().meta({ unit: 'ms since 1970' }),
  uptimeMs: z.number().optional().meta({ unit: 'ms' }),
  adopted: z.boolean(),
  instances: z.int().describe('Size of its pool'),
  readyInstances: z.int(),
  pool: z
    .object({
      mode: z.enum(['auto', 'shared', 'per-session', 'per-principal']),
      min: z.int(),
      max: z.int().describe('Most processes, those that serve one client each included'),
      fixed: z.int().optional().describe('What scale fixed the number at'),
      leased: z.int().describe('Processes that serve one client each'),
    })
    .meta({ unit: 'processes' }),
  restarts: z.int(),
  lastDeath: z
    .object({ atMs: z.number(), exit, lastLines: z.array(z.string()), why: z.string() })
    .optional(),
  nextTryAtMs: z.number().optional().meta({ unit: 'ms since 1970' }),
  limits: z
    .array(
      z.object({
        resource: z.enum(['memoryBytes', 'cpuPercent', 'processes', 'openFiles']),
        limit: z.number().describe('In the unit of the setting'),
        means: z
          .enum(['rlimit', 'cgroup', 'sampling', 'nothing'])
          .describe('By what it is kept; sampling may let it be passed for a moment'),
      }),
    )
    .describe('Limits of each of its process trees'),
  memoryBytes: z.number().optional().meta({ unit: 'bytes' }),
  cpuPercent: z.number().optional().meta({ unit: '% of one core' }),
  processCount: z.int().optional(),
  calls: z.int().describe('Calls finished since the data directory was made'),
  failedCalls: z.int(),
  inFlight: z.int(),
  tools: z.int().describe('Tools it offers now'),
  protocolVersion: z.string().optional(),
  signIn: signIn.optional(),
  description: z.string().optional(),
  docsUrl: z.string().optional().describe('Where its documentation is'),
  features: z.array(z.string()).describe('What it offers, as its entry says'),
});
export type ServerView = z.output<typeof serverView>;

const someServers = z.object({
  servers: z.array(z.string()).default([]).describe('Names, or "all"'),
  profile: z.string().optional().describe('Also the servers of this profile'),
  wait: z
    .boolean()
    .default(true)
    .describe('Answer only when they are there, or known not to get there'),
});
/** For what replaces processes: it is no reason to start what somebody wants to rest. */
const someRunning = someServers.extend({
  leaveStopped: z
    .boolean()
    .default(false)
    .describe('Leave out what is stopped; always so with "all", and, unless false, in schedules'),
});
const changed = z.object({ servers: z.array(serverView) });

/** A setting of the fleet file that was changed. */
export const toldChange = z.object({
  setting: z.string(),
  before: z.string().optional().describe('Missing: it was not written'),
  after: z.string().optional().describe('Missing: it is not written any more'),
});

/** What can be asked of servers. */
export const serverOperations = {
  'server.list': operation({
    summary: 'List every server with its state and figures',
    input: z.object({}),
    output: z.object({ servers: z.array(serverView) }),
    errors: [],
  }),
  'server.get': operation({
    summary: 'Show one server',
    input: z.object({ server: z.string() }),
    output: serverView,
    errors: ['server_not_found'],
  }),
  'server.add': operation({
    summary: 'Add a server to the fleet file and start it',
    input: z.object({
      server: z.string(),
      entry: z.record(z.string(), z.unknown()).describe('As below servers in the fleet file'),
      held: z
        .boolean()
        .default(false)
        .describe('Where changed commands are approved by a person, this new one is too'),
    }),
    output: applied,
    errors: ['server_exists', 'fleet_invalid', 'not_supported'],
  }),
  'server.edit': operation({
    summary: 'Change settings of one server in the fleet file, and make it so',
    input: z.object({
      server: z.string(),
      patch: z
        .record(z.string(), z.unknown())
        .describe(
          'Settings as below the server in the fleet file: sections are merged, null takes a setting out, all else replaces (RFC 7396)',
        ),
      dryRun: z.boolean().default(false).describe('Only say what would be done'),
    }),
    output: applied.extend({
      changes: z.array(toldChange).describe('Values of env, headers and auth are not shown'),
    }),
    errors: ['server_not_found', 'fleet_invalid', 'not_supported', 'file_unreadable'],
  }),
  'server.remove': operation({
    summary: 'Stop servers and remove them from the fleet file',
    input: z.object({ servers: z.array(z.string()).min(1) }),
    output: applied,
    errors: ['server_not_found', 'fleet_invalid', 'not_supported'],
  }),
  'server.start': operation({
    summary: 'Start servers and keep them running',
    input: someServers,
    output: changed,
    errors: ['server_not_found', 'profile_not_found'],
  }),
  'server.stop': operation({
    summary: 'Stop servers and keep them stopped, also across restarts of the daemon',
    input: someServers,
    output: changed,
    errors: ['server_not_found', 'profile_not_found'],
  }),
  'server.restart': operation({
    summary: 'Stop servers and start them again; of "all" those that are not stopped',
    input: someRunning,
    output: changed,
    errors: ['server_not_found', 'profile_not_found'],
  }),
  'server.reload': operation({
    summary: 'Start new instances beside the old, then stop the old, so that no call is dropped',
    input: someRunning,
    output: changed,
    errors: [
      'bad_request',
      'server_not_found',
      'profile_not_found',
      'not_supported',
      'reload_failed',
    ],
  }),
  'server.scale': operation({
    summary:
      'Run this many instances of a server, also after restarts of the daemon, or leave it to its pool',
    input: z.object({
      server: z.string(),
      count: z
        .union([z.int().min(1).max(64), z.literal('auto')])
        .meta({ unit: 'instances' })
        .describe('How many run; auto leaves it to the pool again'),
    }),
    output: changed,
    errors: ['server_not_found', 'not_supported'],
  }),
  'server.approve': operation({
    summary: 'Let servers run what their entries say now, and start those that waited for it',
    input: z.object({ servers: z.array(z.string()).min(1) }),
    output: z.object({
      approved: z.array(
        z.object({ server: z.string(), command: z.string(), args: z.array(z.string()) }),
      ),
    }),
    errors: ['server_not_found', 'not_supported'],
  }),
  'server.login': operation({
    summary: 'Begin to sign in to a remote server',
    input: z.object({ server: z.string() }),
    output: z.object({
      url: z
        .string()
        .optional()
        .describe(
          'Page to open in a browser of this machine; none when the client signed itself in',
        ),
      expiresAtMs: z.number().optional().meta({ unit: 'ms since 1970' }),
    }),
    errors: ['server_not_found', 'not_supported', 'sign_in_failed', 'file_unreadable'],
  }),
  'server.logout': operation({
    summary: 'Forget the tokens of a remote server, and have them ended',
    input: z.object({ server: z.string() }),
    output: z.object({ ended: z.boolean().describe('false when nobody was signed in') }),
    errors: ['server_not_found', 'not_supported'],
  }),
  'server.sendInput': operation({
    summary: 'Write a line to the input of a service that wants some',
    input: z.object({
      server: z.string(),
      text: z.string().max(65_536).describe('A line; its end is added'),
    }),
    output: z.object({ written: z.int().describe('Instances that took it') }),
    errors: ['server_not_found', 'not_supported'],
  }),
  'server.signal': operation({
    summary: 'Send a signal to the processes of a server',
    input: z.object({
      server: z.string(),
      signal: z.enum([
        'SIGHUP',
        'SIGINT',
        'SIGQUIT',
        'SIGTERM',
        'SIGKILL',
        'SIGUSR1',
        'SIGUSR2',
        'SIGWINCH',
        'SIGSTOP',
        'SIGCONT',
      ]),
    }),
    output: z.object({ signalled: z.int().describe('Instances that took it') }),
    errors: ['server_not_found'],
  }),
} as const;
