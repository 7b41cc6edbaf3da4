import { readFileSync } from 'node:fs';
import { Problem } from '../../../errors.ts';
import { readExact, writeExact } from '../../../gateway/exact-numbers.ts';
import { harmlessJson } from '../../../harmless.ts';
import { type InputSchema, readPairs, toolCandidates } from '../call-arguments.ts';
import type { DaemonClient } from '../client.ts';
import { formatBytes, formatDuration, printable } from '../format.ts';
import { indentJson } from '../indent-json.ts';
import {
  type ExitCode,
  type Invocation,
  textOption,
  textsOption,
  wholeNumber,
} from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import type { Terminal } from '../terminal.ts';

/** The longest deadline a fleet file allows for a call, and time for the answer to arrive. */
const callMaxMs = 24 * 3_600_000;
const answerRoomMs = 10_000;

/** `ringmaster call SERVER.TOOL`: exits 1 when the tool says that it failed. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const asJson = wantsJson(invocation);
  const timeoutMs = timeoutOf(invocation);
  const whole = readJsonArguments(textOption(invocation, 'json'), terminal);
  const client = await reachDaemon(flags, terminal);
  const { server, tool, schema } = await findTool(words[0] ?? '', client, terminal);
  const given = { ...whole, ...readPairArguments(invocation, schema) };
  const argumentsJson = writeExact(given);
  // Nested too deeply to be written so: the daemon says it better.
  const written = argumentsJson === undefined ? { arguments: given } : { argumentsJson };
  const { result, resultJson, tookMs } = await client.ask(
    'tool.call',
    { server, tool, ...written, timeoutMs },
    { timeoutMs: (timeoutMs ?? callMaxMs) + answerRoomMs },
  );
  const failed = result['isError'] === true;
  if (asJson && resultJson !== undefined) terminal.result(harmlessJson(indentJson(resultJson)));
  else if (asJson) terminal.resultJson(result);
  else terminal.result(resultText(result, terminal));
  const duration = formatDuration(tookMs, terminal.language);
  if (failed) terminal.note(terminal.say('call.failed', { server, tool, duration }));
  else terminal.detail(terminal.say('call.took', { duration }));
  return failed ? 1 : 0;
}

/** JSON when it was asked for, or when nobody reads along: then a program does. */
function wantsJson(invocation: Invocation): boolean {
  const { terminal } = invocation;
  const form = textOption(invocation, 'output');
  if (form !== undefined && form !== 'json' && form !== 'text') {
    throw new Problem('bad_usage', terminal.say('call.output', { found: form }));
  }
  return form === 'json' || terminal.json || (form === undefined && process.stdout.isTTY !== true);
}

function timeoutOf(invocation: Invocation): number | undefined {
  const text = textOption(invocation, 'timeout');
  if (text === undefined) return undefined;
  const bounds = { min: 1, max: callMaxMs };
  return wholeNumber({ flag: '--timeout', text }, bounds, invocation.terminal);
}

interface Found {
  readonly server: string;
  readonly tool: string;
  readonly schema: InputSchema | undefined;
}

/** `SERVER.TOOL` comes before a name at /mcp; a tool that is not listed may be one of a server that is down. */
async function findTool(word: string, client: DaemonClient, terminal: Terminal): Promise<Found> {
  const { tools } = await client.ask('tool.list', {});
  const listed =
    tools.find(({ server, name }) => `${server}.${name}` === word) ??
    tools.find(({ exposedAs }) => exposedAs === word);
  if (listed !== undefined) {
    return { server: listed.server, tool: listed.name, schema: listed.inputSchema };
  }
  const { servers } = await client.ask('server.list', {});
  const known = toolCandidates(word).find(({ server }) =>
    servers.some((one) => one.server === server),
  );
  if (known !== undefined) return { ...known, schema: undefined };
  throw new Problem('tool_not_found', terminal.say('call.unknown', { word }));
}

function readPairArguments(
  invocation: Invocation,
  schema: InputSchema | undefined,
): Readonly<Record<string, unknown>> {
  const { terminal } = invocation;
  const read = readPairs(textsOption(invocation, 'arg'), schema);
  if (read.kind === 'refused') {
    throw new Problem('bad_usage', terminal.say('call.pair', { found: read.pair }));
  }
  return read.values;
}

function readJsonArguments(given: string | undefined, terminal: Terminal): Record<string, unknown> {
  if (given === undefined) return {};
  const text =
    given === '-' ? readText(0) : given.startsWith('@') ? readText(given.slice(1)) : given;
  let value: Record<string, unknown> | undefined;
  try {
    value = readExact(text);
  } catch (cause) {
    throw new Problem('bad_usage', terminal.say('call.json'), { cause });
  }
  if (value !== undefined) return value;
  throw new Problem('bad_usage', terminal.say('call.object'));
}

function readText(source: 0 | string): string {
  try {
    return readFileSync(source, 'utf8');
  } catch (cause) {
    throw new Problem('file_unreadable', source === 0 ? 'stdin' : source, { cause });
  }
}

function resultText(result: Readonly<Record<string, unknown>>, terminal: Terminal): string {
  const content = Array.isArray(result['content']) ? result['content'] : [];
  const blocks = content.map((block) => blockText(block as Readonly<Record<string, unknown>>));
  if (blocks.length > 0) return blocks.join('\n');
  const structured = result['structuredContent'];
  return structured === undefined
    ? terminal.say('call.empty')
    : JSON.stringify(structured, undefined, 2);
}

function blockText(block: Readonly<Record<string, unknown>>): string {
  if (block['type'] === 'text') return printable(String(block['text'] ?? ''));
  const { type, mimeType, data, uri, resource } = block;
  const size =
    typeof data === 'string' ? formatBytes(Math.floor((data.length * 3) / 4)) : undefined;
  const inner = resource as { readonly uri?: unknown; readonly text?: unknown } | undefined;
  if (typeof inner?.text === 'string') return printable(inner.text);
  const words = [type, mimeType, uri ?? inner?.uri, size].filter((word) => word !== undefined);
  return `[${printable(words.join(' '))}]`;
}
