import type { Era } from './bridge.ts';
import { isObject, type JsonObject, type Reply } from './messages.ts';

/** Revisions are dates, so they compare as text: links to resources came with this one. */
const linksSince = '2025-06-18';
/** Sound came with this one. */
const audioSince = '2025-03-26';

/**
 * A reply as clients of sessions can read it: content kinds of their revision, and of a stateless server structured
 * content as their revisions have it. The very same object when nothing differs.
 */
export function replyForSessions(
  reply: Reply,
  how: {
    readonly protocolVersion: string;
    readonly serverEra: Era;
    /** The definition of the tool that was called. */
    readonly tool: () => JsonObject | undefined;
  },
): Reply {
  if (reply.kind === 'error') return reply;
  const hasStructure = how.serverEra === 'modern' && 'structuredContent' in reply.result;
  const structured = hasStructure ? structuredForSessions(reply.result, how.tool()) : reply.result;
  const result = contentForRevision(structured, how.protocolVersion);
  return result === reply.result ? reply : { kind: 'result', result };
}

/**
 * A result whose content kinds the client's revision knows: older clients refuse the whole result over one block of a
 * kind they never heard of, so such blocks become text that says what they were. Fields that are only newer than the
 * client stay: every revision tells clients to ignore what they do not know. The same object when nothing differs.
 */
function contentForRevision(result: JsonObject, protocolVersion: string): JsonObject {
  if (protocolVersion >= linksSince) return result;
  const { content, messages } = result;
  if (Array.isArray(content)) {
    const known = content.map((block) => knownBlock(block, protocolVersion));
    return known.some((block, at) => block !== content[at])
      ? { ...result, content: known }
      : result;
  }
  if (!Array.isArray(messages)) return result;
  const known = messages.map((message) => {
    if (!isObject(message)) return message;
    const block = knownBlock(message['content'], protocolVersion);
    return block === message['content'] ? message : { ...message, content: block };
  });
  return known.some((message, at) => message !== messages[at])
    ? { ...result, messages: known }
    : result;
}

function knownBlock(block: unknown, protocolVersion: string): unknown {
  if (!isObject(block)) return block;
  if (block['type'] === 'resource_link') return { type: 'text', text: linkText(block) };
  if (block['type'] !== 'audio' || protocolVersion >= audioSince) return block;
  const kind = textOr(block['mimeType'], 'of an unnamed format');
  const text = `[Audio ${kind} is left out: clients of ${protocolVersion} cannot receive it]`;
  return { type: 'text', text };
}

function linkText(link: JsonObject): string {
  const name = textOr(link['title'], textOr(link['name'], 'Resource'));
  const description = textOr(link['description'], '');
  return `${name}: ${textOr(link['uri'], '')}${description === '' ? '' : `\n${description}`}`;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

/**
 * A tool as clients of sessions may see it: their revisions want an output schema of an object, so any other stands
 * below `result` of one, as the SDK does it too. A stateless server decides by itself which calls become tasks, so where
 * it makes any, a session may ask for one with every tool (2025-11-25, tasks). The same object when nothing differs.
 */
export function toolForSessions(tool: JsonObject, makesTasks: boolean): JsonObject {
  const shaped = withObjectOutput(tool);
  if (!makesTasks) return shaped;
  const execution = isObject(tool['execution']) ? tool['execution'] : {};
  return { ...shaped, execution: { ...execution, taskSupport: 'optional' } };
}

function withObjectOutput(tool: JsonObject): JsonObject {
  const schema = tool['outputSchema'];
  if (!isObject(schema) || schema['type'] === 'object') return tool;
  const dialect = schema['$schema'];
  return {
    ...tool,
    outputSchema: {
      ...(typeof dialect === 'string' ? { $schema: dialect } : {}),
      type: 'object',
      properties: { result: movedBelowResult(schema, 'schema', 0) },
      required: ['result'],
    },
  };
}

/** The result of such a tool: any JSON value in the stateless era, an object with a twin in text in the older ones. */
function structuredForSessions(result: JsonObject, tool: JsonObject | undefined): JsonObject {
  const value = result['structuredContent'];
  if (value === undefined) return result;
  const isWrapped = tool !== undefined && withObjectOutput(tool) !== tool;
  if (isObject(value) && !isWrapped) return result;
  const content = Array.isArray(result['content']) ? result['content'] : [];
  const hasText = content.some((block) => isObject(block) && block['type'] === 'text');
  const text = { type: 'text', text: JSON.stringify(value) };
  return {
    ...result,
    content: hasText ? content : [...content, text],
    structuredContent: { result: value },
  };
}

/** Keywords that hold schemas by name, and those that hold values in which nothing refers to anything. */
const nameMaps: ReadonlySet<string> = new Set([
  ...['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'],
]);
const valueKeywords: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);
/** Schemas come from servers; what nests deeper is left as it is. */
const depthMax = 64;

/** References that count from the root count from `result` once the schema stands there. */
function movedBelowResult(value: unknown, holds: 'schema' | 'names', depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > depthMax) return value;
  if (Array.isArray(value)) return value.map((one) => movedBelowResult(one, 'schema', depth + 1));
  const moved: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) {
    if (holds === 'names') moved[key] = movedBelowResult(one, 'schema', depth + 1);
    else if (key === '$ref' && typeof one === 'string' && /^#(\/|$)/.test(one)) {
      moved[key] = `#/properties/result${one.slice(1)}`;
    } else if (valueKeywords.has(key)) moved[key] = one;
    else moved[key] = movedBelowResult(one, nameMaps.has(key) ? 'names' : 'schema', depth + 1);
  }
  return moved;
}
