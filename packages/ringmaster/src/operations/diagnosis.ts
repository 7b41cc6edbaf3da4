import { z } from 'zod';
import { operation } from './operation.ts';
import { type ServerView, serverView } from './servers.ts';

/** What can be amiss with a server, as far as its state, its deaths and its last lines tell. */
const causeCodes = [
  'nothing',
  'stoppedAsAsked',
  'signInNeeded',
  'approvalNeeded',
  'variableMissing',
  'commandNotFound',
  'commandNotExecutable',
  'moduleNotFound',
  'codeBroken',
  'portTaken',
  'outOfMemory',
  'overLimit',
  'settingMissing',
  'credentialRefused',
  'permissionDenied',
  'fileNotFound',
  'unreachable',
  'noHandshake',
  'endedByItself',
  'crashed',
  'starting',
  'unknown',
] as const;
type CauseCode = (typeof causeCodes)[number];

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
export type Diagnosis = z.output<typeof diagnosis>;

/** What can be asked about what is amiss. */
export const diagnosisOperations = {
  'server.diagnose': operation({
    summary: 'Tell the probable cause of what is amiss with a server, the evidence and what to do',
    input: z.object({ server: z.string() }),
    output: diagnosis,
    errors: ['server_not_found', 'search_busy'],
  }),
} as const;

/** What a cause is found from. */
export interface DiagnosisFacts {
  readonly row: Pick<
    ServerView,
    'server' | 'state' | 'wanted' | 'why' | 'lastDeath' | 'signIn' | 'nextTryAtMs'
  >;
  /** What it wrote last, oldest first: to stderr, services to stdout too. */
  readonly lines: readonly string[];
  /** Why the daemon ended it for passing a limit, if it did so lately. */
  readonly overLimit: string | undefined;
}

/** A cause with what it rests on. */
export type Finding = Pick<Diagnosis, 'cause' | 'told' | 'certainty' | 'evidence' | 'next'>;

interface Clue {
  readonly cause: CauseCode;
  readonly pattern: RegExp;
  readonly told: string;
  readonly next: string;
}

/** What runtimes write as they die; the first row that fits counts, so the more telling stand first. */
const clues: readonly Clue[] = [
  {
    cause: 'moduleNotFound',
    pattern:
      /Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND|ModuleNotFoundError|No module named|can't open file/i,
    told: 'It needs a module or script that is not there',
    next: 'Correct the path in args or cwd, or install the dependency where the server runs',
  },
  {
    cause: 'portTaken',
    pattern: /EADDRINUSE|address already in use/i,
    told: 'Its port is taken',
    next: 'Give it another port, or port: auto, or end what holds the port',
  },
  {
    cause: 'outOfMemory',
    pattern: /heap out of memory|MemoryError|Cannot allocate memory|OutOfMemory/i,
    told: 'It ran out of memory',
    next: 'Raise its memory limit, or find what it holds on to',
  },
  {
    cause: 'codeBroken',
    pattern: /\b(?:SyntaxError|IndentationError|ReferenceError|ImportError)\b/,
    told: 'Its own code does not run',
    next: 'Repair the file and line named in the evidence, then restart it',
  },
  {
    cause: 'settingMissing',
    pattern:
      /KeyError: '[A-Z][A-Z0-9_]*'|\b(?:[A-Z][A-Z0-9]*_[A-Z0-9_]+|environment variable|api key|token)\b.*(?:missing|required|not set|must be set|undefined)|(?:missing|required|set)\b.*\b(?:environment variable|[A-Z][A-Z0-9]*_[A-Z0-9_]+)/i,
    told: 'A setting or environment variable that it needs is missing',
    next: 'Add the variable under env of its entry, best as ${NAME}, and have a person set it',
  },
  {
    cause: 'credentialRefused',
    pattern: /\b401\b|Unauthorized|invalid (?:api key|token|credentials)|authentication failed/i,
    told: 'A service refused its credentials',
    next: 'Have a person renew the key or token that it uses',
  },
  {
    cause: 'unreachable',
    pattern: /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ECONNRESET|Connection refused/i,
    told: 'Something that it connects to cannot be reached',
    next: 'Start what listens at the address in the evidence, or correct the address',
  },
  {
    cause: 'permissionDenied',
    pattern: /EACCES|EPERM|Permission ?denied/i,
    told: 'It is not allowed to use a file or port',
    next: 'Give its user the right, or point it elsewhere',
  },
  {
    cause: 'fileNotFound',
    pattern: /ENOENT|No such file or directory|FileNotFoundError/i,
    told: 'A file or folder that it needs is not there',
    next: 'Create it, or correct the path in args, cwd or env',
  },
];

/** Longest piece of evidence. */
const evidenceMaxChars = 300;

/** Finds the probable cause: first what the daemon knows for certain, then what the server wrote as it died. */
export function findCause(facts: DiagnosisFacts): Finding {
  return knownCause(facts) ?? writtenCause(facts) ?? lastResort(facts);
}

function knownCause({ row, overLimit }: DiagnosisFacts): Finding | undefined {
  const { server, state, wanted, why, signIn, lastDeath } = row;
  const certain = (cause: CauseCode, told: string, ...next: string[]): Finding => ({
    ...{ cause, told, certainty: 'certain', next },
    evidence: [why].filter((text) => text !== ''),
  });
  if (wanted === 'stopped') {
    return certain('stoppedAsAsked', 'Somebody stopped it', 'Start it when it is wanted again');
  }
  if (state === 'ready' || state === 'asleep') return certain('nothing', 'It serves; all is well');
  if (signIn !== undefined && signIn.state !== 'signedIn') {
    const next = `A person runs: ringmaster login ${server}`;
    return certain('signInNeeded', 'A person has to sign in to it', next);
  }
  if (/ringmaster approve|approv/i.test(why)) {
    const next = `A person looks at its entry and runs: ringmaster approve ${server}`;
    return certain('approvalNeeded', 'A person has to approve what it runs', next);
  }
  if (/\$\{?[A-Z_][A-Z0-9_]*\}?.*(?:not set|unset|no value)/i.test(why)) {
    const next = 'Set the variable where the daemon runs, or in the .env beside the fleet file';
    return certain('variableMissing', 'A variable of its entry has no value', next);
  }
  const failure = lastDeath?.exit.kind === 'spawnFailed' ? lastDeath.exit.message : why;
  if (/ENOENT|not found|no such file/i.test(failure) && !/module/i.test(failure)) {
    const next = 'Correct command, or cwd, in its entry; or install the program';
    return certain('commandNotFound', 'Its command, or its folder, was not found', next);
  }
  if (lastDeath?.exit.kind === 'spawnFailed' && /EACCES|EPERM/.test(failure)) {
    const next = 'Make the command executable, or run it with its interpreter';
    return certain('commandNotExecutable', 'Its command may not be executed', next);
  }
  if (overLimit === undefined) return undefined;
  const found = certain(
    'overLimit',
    'It passed a limit and was ended',
    'Raise the limit, or mend it',
  );
  return { ...found, evidence: [overLimit] };
}

function writtenCause({ row, lines }: DiagnosisFacts): Finding | undefined {
  const texts = [...lines, row.why].map(shorten);
  for (const { cause, pattern, told, next } of clues) {
    const telling = texts.filter((text) => pattern.test(text));
    // The line of the error itself names what is missing; its fields and the source around it do not.
    const first = telling.findLast((text) => /error|exception/i.test(text)) ?? telling.at(-1);
    if (first === undefined) continue;
    const place = texts.find((text) => text !== first && placePattern.test(text));
    const evidence = place === undefined ? [first] : [first, place.trim()];
    return { cause, told, certainty: 'likely', evidence, next: [next] };
  }
  return undefined;
}

/** Where in the server's own code it happened, in the ways of Node and Python. */
const placePattern = /^\s*File "(?!<).+", line \d+|^\s*at (?!.*(?:\(|\s)node:).+:\d+:\d+\)?$/;

function lastResort({ row, lines }: DiagnosisFacts): Finding {
  const evidence = lines.slice(-5).map(shorten);
  const base = { evidence: [row.why, ...evidence].filter((text) => text !== '') };
  const look = 'Read its log around the last death';
  if (/handshake|initialize|did not answer|in time/i.test(row.why)) {
    const next = ['Check that command and args start an MCP server that speaks on stdio', look];
    const told = 'It runs, but does not speak MCP with us';
    return { ...base, cause: 'noHandshake', told, certainty: 'likely', next };
  }
  const exit = row.lastDeath?.exit;
  if (exit?.kind === 'exited' && exit.code === 0) {
    const next = ['Check its args: it may have printed a help text and ended', look];
    return {
      ...base,
      cause: 'endedByItself',
      told: 'It ended by itself',
      certainty: 'likely',
      next,
    };
  }
  if (exit !== undefined) {
    const told = `It died (${exitText(exit)}), and its last lines fit no cause that is known`;
    return { ...base, cause: 'crashed', told, certainty: 'guess', next: [look] };
  }
  if (row.state === 'starting') {
    const next = ['Ask again in a moment'];
    return { ...base, cause: 'starting', told: 'It is starting', certainty: 'certain', next };
  }
  return {
    ...base,
    cause: 'unknown',
    told: 'No cause was found',
    certainty: 'guess',
    next: [look],
  };
}

/** How a process ended, in words. */
export function exitText(exit: NonNullable<ServerView['lastDeath']>['exit']): string {
  if (exit.kind === 'exited') return `exit code ${exit.code}`;
  if (exit.kind === 'signalled') return `signal ${exit.signal}`;
  return exit.kind === 'spawnFailed' ? `could not be started: ${exit.message}` : 'unknown exit';
}

function shorten(text: string): string {
  return text.length <= evidenceMaxChars ? text : `${text.slice(0, evidenceMaxChars - 1)}…`;
}
