import type { Item } from './catalogue.ts';
import { keepExactNumbersWithin } from './exact-numbers.ts';
import { isObject, type JsonObject } from './messages.ts';
import { createRanking, type Ranking } from './ranking.ts';

/** The tools by which clients of a view with search reach all others. */
export const findToolName = 'find_tool';
/** See `findToolName`. */
export const callToolName = 'call_tool';

/** Tools found when the client does not say how many, and most it may ask for. */
const foundDefault = 5;
const foundMax = 25;
/** Longest query that is looked at, in characters. */
const queryMaxLength = 2_000;
/** Servers named in the description of `find_tool`; the others are counted. */
const serversNamedMax = 40;

/** A tool that was found. */
export interface FoundTool {
  readonly item: Item;
  /** Higher is better; only to compare within one answer. */
  readonly score: number;
}

/** The search over the tools of one view. */
export interface ToolSearch {
  /** Definitions of `find_tool` and `call_tool`, all that clients see listed. */
  readonly tools: readonly JsonObject[];
  find(query: string, limit?: number): readonly FoundTool[];
}

/** Prepares the search; tools are indexed when somebody first looks for one. */
export function createToolSearch(items: readonly Item[]): ToolSearch {
  let ranking: Ranking | undefined;
  return {
    tools: definitions(items),
    find(query, limit = foundDefault) {
      ranking ??= createRanking(items.map(documentOf));
      const most = Math.min(Math.max(1, limit), foundMax);
      return ranking.find(query.slice(0, queryMaxLength), most).flatMap(({ at, score }) => {
        const item = items[at];
        return item === undefined ? [] : [{ item, score: Math.round(score * 100) / 100 }];
      });
    },
  };
}

/** The result of a call of `find_tool`, or what is wrong with its arguments, which the model can put right. */
export function answerFindTool(search: ToolSearch, given: unknown): JsonObject {
  const { query, limit } = isObject(given) ? given : {};
  if (typeof query !== 'string' || query.trim() === '') {
    return toolError('find_tool needs a query: words for what the tool should do');
  }
  const most = typeof limit === 'number' && Number.isFinite(limit) ? Math.trunc(limit) : undefined;
  const tools = search.find(query, most).map(({ item, score }) => {
    const { name: _own, _meta, icons: _icons, ...definition } = item.shown;
    return { ...definition, name: item.exposedAs, server: item.server, score };
  });
  const text =
    tools.length === 0
      ? 'No tool fits these words. Try others, or fewer.'
      : JSON.stringify({ tools });
  return { content: [{ type: 'text', text }], structuredContent: { tools } };
}

/** What a call of `call_tool` asks for, as params of a direct call; or what is wrong with it. */
export function readCallTool(
  params: JsonObject,
): { readonly params: JsonObject } | { readonly error: JsonObject } {
  const given = isObject(params['arguments']) ? params['arguments'] : {};
  const { name } = given;
  if (typeof name !== 'string' || name === '') {
    return { error: toolError('call_tool needs the name of a tool that find_tool returned') };
  }
  const inner = given['arguments'] ?? {};
  if (!isObject(inner)) {
    return { error: toolError('call_tool needs its arguments as an object') };
  }
  keepExactNumbersWithin(given);
  return { params: { ...params, name, arguments: inner } };
}

function toolError(text: string): JsonObject {
  return { content: [{ type: 'text', text }], isError: true };
}

function definitions(items: readonly Item[]): readonly JsonObject[] {
  const counts = new Map<string, number>();
  for (const { server } of items) counts.set(server, (counts.get(server) ?? 0) + 1);
  const named = [...counts]
    .slice(0, serversNamedMax)
    .map(([server, count]) => `${server} (${count})`);
  const more = counts.size > named.length ? [`${counts.size - named.length} more servers`] : [];
  const where = [...named, ...more].join(', ');
  return [
    {
      name: findToolName,
      title: 'Find a tool',
      description:
        `Finds tools by what they do, among ${items.length} tools of these servers: ${where}. ` +
        'Returns names, descriptions and input schemas, best first. Call one with call_tool.',
      inputSchema: {
        type: 'object',
        properties: {
          query: { type: 'string', description: 'What the tool should do, in a few words' },
          limit: {
            type: 'integer',
            minimum: 1,
            maximum: foundMax,
            default: foundDefault,
            description: 'Most tools returned',
          },
        },
        required: ['query'],
        additionalProperties: false,
      },
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    {
      name: callToolName,
      title: 'Call a tool',
      description:
        'Calls a tool that find_tool returned, with arguments that fit its inputSchema. ' +
        'The result, errors and questions are those of the tool itself.',
      inputSchema: {
        type: 'object',
        properties: {
          name: { type: 'string', description: 'The name as find_tool returned it' },
          arguments: { type: 'object', description: 'Arguments of that tool' },
        },
        required: ['name'],
        additionalProperties: false,
      },
    },
  ];
}

/** A word in the name tells more of a tool than one in its description, and that more than one in its schema. */
const weights = { name: 4, title: 3, server: 1.5, description: 1, schema: 0.5 } as const;

function documentOf({ exposedAs, server, shown }: Item) {
  const schema = isObject(shown['inputSchema']) ? shown['inputSchema'] : {};
  const annotations = isObject(shown['annotations']) ? shown['annotations'] : {};
  return {
    fields: [
      { text: exposedAs, weight: weights.name },
      { text: textOf(shown['title'] ?? annotations['title']), weight: weights.title },
      { text: server, weight: weights.server },
      { text: textOf(shown['description']), weight: weights.description },
      { text: wordsOfSchema(schema, 0).join(' '), weight: weights.schema },
    ],
  };
}

/** Schemas are the servers' own and may be nested for ever, and hold anything. */
const schemaDepthMax = 4;
const schemaPropertiesMax = 200;

function wordsOfSchema(schema: JsonObject, depth: number): readonly string[] {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const words: string[] = [];
  for (const [name, property] of Object.entries(properties).slice(0, schemaPropertiesMax)) {
    words.push(name);
    if (!isObject(property)) continue;
    words.push(textOf(property['description']));
    if (Array.isArray(property['enum'])) words.push(...property['enum'].map(textOf));
    if (depth < schemaDepthMax) words.push(...wordsOfSchema(property, depth + 1));
  }
  return words;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
