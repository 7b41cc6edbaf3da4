import { z } from 'zod';
import { reportLanguages } from '../reporting/words.ts';
import { type CauseCode, causeWords } from './cause-words.ts';
import { operation } from './operation.ts';
import { type ServerView, serverView } from './servers.ts';

const causeCodes = Object.keys(causeWords) as [CauseCode, ...CauseCode[]];

const death = z.object({
  atMs: z.number().meta({ unit: 'ms since 1970' }),
  exit: z.string(),
  why: z.string(),
});

const diagnosis = z.object({
  server: z.string(),
  state: serverView.shape.state,
  why: z.string(),
  cause: z.enum(causeCodes),
  told: z.string().describe('The cause in one sentence'),
  certainty: z
    .enum(['certain', 'likely', 'guess'])
    .describe('certain: known to the daemon; likely: read from what the server wrote'),
  evidence: z.array(z.string()).describe('What the cause rests on, the most telling first'),
  deaths: z.array(death).describe('Its last deaths, newest first'),
  topErrors: z.array(z.object({ shape: z.string(), count: z.int() })),
  config: z
    .object({
      command: z.string().optional(),
      args: z.array(z.string()),
      cwd: z.string().optional(),
      env: z.array(z.string()).describe('Names only'),
      url: z.string().optional(),
    })
    .describe('Its entry, as written in the fleet file'),
  done: z.string().describe('What the daemon does about it'),
  next: z.array(z.string()).describe('What to do'),
});

/** What can be asked about what is amiss. */
export const diagnosisOperations = {
  'server.diagnose': operation({
    summary: 'Tell the probable cause of what is amiss with a server, the evidence and what to do',
    input: z.object({
      server: z.string(),
      language: z.enum(reportLanguages).default('en').describe('Of its sentences'),
    }),
    output: diagnosis,
    errors: ['server_not_found', 'search_busy'],
  }),
} as const;

/** How a process ended, in words. */
export function exitText(exit: NonNullable<ServerView['lastDeath']>['exit']): string {
  if (exit.kind === 'exited') return `exit code ${exit.code}`;
  if (exit.kind === 'signalled') return `signal ${exit.signal}`;
  return exit.kind === 'spawnFailed' ? `could not be started: ${exit.message}` : 'unknown exit';
}
