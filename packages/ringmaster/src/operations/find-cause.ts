import { lastWordsOf } from '../supervisor/last-words.ts';
import type { CauseCode } from './cause-words.ts';
import type { ServerView } from './servers.ts';

/** What a cause is found from. */
export interface DiagnosisFacts {
  readonly row: Pick<ServerView, 'state' | 'wanted' | 'why' | 'lastDeath' | 'signIn'>;
  /** What it wrote last, oldest first: to stderr, services to stdout too. */
  readonly lines: readonly string[];
  /** Why the daemon ended it for passing a limit, if it did so lately. */
  readonly overLimit: string | undefined;
  /** Its command names a file that is there. */
  readonly hasCommandFile: boolean;
}

/** A cause with what it rests on. */
export interface Finding {
  readonly cause: CauseCode;
  /** certain: the daemon knows it; likely: read from what the server wrote; guess: neither. */
  readonly certainty: 'certain' | 'likely' | 'guess';
  /** The most telling first; each at most 300 characters. */
  readonly evidence: readonly string[];
}

interface Clue {
  readonly cause: CauseCode;
  readonly pattern: RegExp;
}

/** What the daemon itself says of a server that does not run; the first row that fits counts. */
const daemonClues: readonly Clue[] = [
  {
    cause: 'approvalNeeded',
    pattern: /changed since it was approved|nobody has approved|ringmaster approve/,
  },
  { cause: 'commandNotFound', pattern: /found no program/ },
  { cause: 'folderMissing', pattern: /working directory .* is no folder/ },
  {
    cause: 'variableMissing',
    pattern: /needs the variable \w+|\$\{?[A-Z_]\w*\}?.*(?:not set|no value)/,
  },
  { cause: 'portTaken', pattern: /Port \d+ is held by/ },
  { cause: 'notAllowed', pattern: /may not be started:/ },
  { cause: 'overLimit', pattern: /resources\.\w+ allows/ },
  { cause: 'credentialRefused', pattern: /answered HTTP 40[13]\b/ },
  { cause: 'wrongAddress', pattern: /answered HTTP (?:404|405|410)\b/ },
  { cause: 'failingThere', pattern: /answered HTTP (?:429|5\d\d)\b/ },
  { cause: 'versionMismatch', pattern: /it serves only |Unsupported protocol version/i },
  { cause: 'certificateRefused', pattern: /certificate|CERT_|\bTLS\b|\bSSL\b/ },
  { cause: 'unreachable', pattern: /gave no reply \(.*\bE[A-Z]+|ECONNREFUSED|ENOTFOUND|EAI_AGAIN/ },
  { cause: 'notMcp', pattern: /is no MCP|without a protocolVersion|answer holds no reply/ },
  { cause: 'commandNotExecutable', pattern: /spawn \S+ E(?:ACCES|PERM|NOEXEC)/ },
  { cause: 'commandNotFound', pattern: /spawn \S+ ENOENT/ },
  { cause: 'probesFail', pattern: /probes? failed\b|^sick for/ },
  { cause: 'waitsForOthers', pattern: /^waits for / },
];

/** What runtimes and package runners write as they die; the first row that fits counts, so the telling stand first. */
const writtenClues: readonly Clue[] = [
  {
    cause: 'packageUnavailable',
    pattern:
      /npm (?:ERR!|error) (?:code )?(?:E404|ENOTCACHED|EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|ETARGET|network)|is not in this registry|No matching (?:version|distribution) found|not found in the package registry|Failed to (?:fetch|download)|could not determine executable/i,
  },
  {
    cause: 'runtimeUnfit',
    pattern:
      /Unsupported engine|ERR_REQUIRE_ESM|requires (?:Node|Python)|GLIBC_[\d.]+' not found|NODE_MODULE_VERSION|was compiled against a different/i,
  },
  {
    cause: 'moduleNotFound',
    pattern:
      /Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND|ModuleNotFoundError|No module named|can't open file/i,
  },
  { cause: 'portTaken', pattern: /EADDRINUSE|address already in use|port is already allocated/i },
  {
    cause: 'outOfMemory',
    pattern: /heap out of memory|MemoryError|Cannot allocate memory|OutOfMemory/i,
  },
  { cause: 'diskFull', pattern: /ENOSPC|No space left on device/i },
  { cause: 'tooManyFiles', pattern: /EMFILE|ENFILE|Too many open files/i },
  {
    cause: 'configBroken',
    pattern:
      /JSON at position|is not valid JSON|JSONDecodeError|YAML(?:Exception|ParseError|Error)|yaml\.scanner|TOMLDecodeError|Unexpected end of JSON/i,
  },
  {
    cause: 'codeBroken',
    pattern: /\b(?:SyntaxError|IndentationError|ReferenceError|ImportError)\b/,
  },
  {
    cause: 'wrongArgument',
    pattern:
      /\b(?:unknown|unrecognized|invalid|bad|unexpected) (?:option|argument|flag)|arguments? (?:are|is) required|no such option/i,
  },
  {
    cause: 'settingMissing',
    pattern:
      /KeyError: '[A-Z][A-Z0-9_]*'|\b(?:[A-Z][A-Z0-9]*_[A-Z0-9_]+|environment variable|api key|token)\b.*(?:missing|required|not set|must be set|undefined)|(?:missing|required|set)\b.*\b(?:environment variable|[A-Z][A-Z0-9]*_[A-Z0-9_]+)/i,
  },
  {
    cause: 'credentialRefused',
    pattern: /\b401\b|Unauthorized|invalid (?:api key|token|credentials)|authentication failed/i,
  },
  {
    cause: 'unreachable',
    pattern: /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ECONNRESET|Connection refused/i,
  },
  { cause: 'permissionDenied', pattern: /EACCES|EPERM|Permission ?denied/i },
  { cause: 'fileNotFound', pattern: /ENOENT|No such file or directory|FileNotFoundError/i },
];

/** Deaths in a row from which it is told as a loop: the default of `restart.failAfter`. */
const loopDeaths = 5;
/** Longest piece of evidence. */
const evidenceMaxChars = 300;

/** Finds the probable cause: first what the daemon knows for certain, then what the server wrote as it died. */
export function findCause(facts: DiagnosisFacts): Finding {
  return knownCause(facts) ?? writtenCause(facts) ?? lastResort(facts);
}

function knownCause(facts: DiagnosisFacts): Finding | undefined {
  const { row, overLimit } = facts;
  const certain = (cause: CauseCode, evidence = row.why): Finding => ({
    ...{ cause, certainty: 'certain' },
    evidence: evidence === '' ? [] : [shorten(evidence)],
  });
  if (row.wanted === 'stopped') return certain('stoppedAsAsked');
  if (row.state === 'ready' || row.state === 'asleep') return certain('nothing');
  if (row.signIn !== undefined && row.signIn.state !== 'signedIn') return certain('signInNeeded');
  // While it is tried again, its reason tells of the new try; the last death still tells why.
  const said = [row.why, row.lastDeath?.why ?? ''];
  for (const { cause, pattern } of daemonClues) {
    const telling = said.find((text) => pattern.test(text));
    if (telling === undefined) continue;
    const isThere = cause === 'commandNotFound' && facts.hasCommandFile;
    return certain(isThere ? 'commandNotExecutable' : cause, telling);
  }
  return overLimit === undefined ? undefined : certain('overLimit', overLimit);
}

function writtenCause({ row, lines }: DiagnosisFacts): Finding | undefined {
  const texts = [...lines, row.why].map(shorten);
  for (const { cause, pattern } of writtenClues) {
    const telling = texts.filter((text) => pattern.test(text));
    // The line of the error itself names what is missing; its fields and the source around it do not.
    const first = telling.findLast((text) => /error|exception/i.test(text)) ?? telling.at(-1);
    if (first === undefined) continue;
    const place = texts.find((text) => text !== first && placePattern.test(text));
    const evidence = place === undefined ? [first] : [first, place.trim()];
    return { cause, certainty: 'likely', evidence };
  }
  return undefined;
}

/** Where in the server's own code it happened, in the ways of Node and Python. */
const placePattern = /^\s*File "(?!<).+", line \d+|^\s*at (?!.*(?:\(|\s)node:).+:\d+:\d+\)?$/;

/** Signals of a processor that found no way on in native code. */
const nativeSignals: readonly string[] = ['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGABRT'];

function lastResort({ row, lines }: DiagnosisFacts): Finding {
  const words = lastWordsOf(lines);
  const others = lines.slice(-5).filter((line) => line !== words);
  const evidence = [row.why, words ?? '', ...others].filter((text) => text !== '').map(shorten);
  const found = (cause: CauseCode, certainty: Finding['certainty'] = 'likely'): Finding => ({
    ...{ cause, certainty, evidence },
  });
  if (/not ready within|handshake|initialize|did not answer/i.test(row.why))
    return found('noHandshake');
  const exit = row.lastDeath?.exit;
  if (exit?.kind === 'exited' && exit.code === 0) return found('endedByItself');
  if (exit?.kind === 'signalled' && nativeSignals.includes(exit.signal))
    return found('crashedInside');
  if (exit?.kind === 'signalled' && exit.signal === 'SIGKILL') return found('killedFromOutside');
  const [, many, nth] = /(\d+) deaths in a row|death (\d+) in a row/.exec(row.why) ?? [];
  const isLoop = Number(many ?? nth ?? 0) >= loopDeaths;
  if (exit !== undefined) return found(isLoop ? 'crashLoop' : 'crashed', 'guess');
  if (row.state === 'starting') return found('starting', 'certain');
  return found('unknown', 'guess');
}

function shorten(text: string): string {
  return text.length <= evidenceMaxChars ? text : `${text.slice(0, evidenceMaxChars - 1)}…`;
}
