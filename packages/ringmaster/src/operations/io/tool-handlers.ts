import { Problem } from '../../errors.ts';
import { readExact } from '../../gateway/exact-numbers.ts';
import type { ExposedTool } from '../../gateway/gateway.ts';
import type { Handlers } from '../index.ts';
import { nearestNames } from '../nearest.ts';
import type { HandlerNeeds } from './needs.ts';
import type { ServerTable } from './server-table.ts';

/** What can be asked of tools. */
export function createToolHandlers(
  needs: HandlerNeeds,
  table: ServerTable,
): Pick<Handlers, 'tool.list' | 'tool.search' | 'tool.call'> {
  const { gateway, daemon } = needs;

  function checkView(view: string | undefined): void {
    const known = Object.keys(daemon.currentFleet().fleet.views);
    if (view === undefined || known.includes(view)) return;
    const near = nearestNames(view, known);
    const all = known.length === 0 ? 'the fleet has none' : `there are ${known.join(', ')}`;
    const offer = near.length === 0 ? all : `did you mean ${near.join(' or ')}?`;
    throw new Problem('view_not_found', `Cannot find the view ${JSON.stringify(view)}: ${offer}`);
  }

  return {
    async 'tool.list'({ server, view }) {
      if (server !== undefined) table.check([server]);
      checkView(view);
      const tools = gateway.tools({ server, view }).map((tool) => {
        const { exposedAs, hiddenBy } = tool;
        return { ...described(tool), exposedAs, hiddenBy };
      });
      return { tools };
    },
    async 'tool.search'({ query, view, limit }) {
      checkView(view);
      const found = gateway.findTools({ query, view, limit });
      return {
        tools: found.map((tool) => ({
          ...described(tool),
          exposedAs: tool.exposedAs,
          score: tool.score ?? 0,
        })),
      };
    },
    async 'tool.call'({ server, tool, arguments: read, argumentsJson, timeoutMs }) {
      table.check([server]);
      const given = argumentsJson === undefined ? read : exactArguments(argumentsJson);
      const call = { server, tool, arguments: given };
      return gateway.callTool(timeoutMs === undefined ? call : { ...call, timeoutMs });
    },
  };
}

function exactArguments(text: string): Record<string, unknown> {
  try {
    const read = readExact(text);
    if (read !== undefined) return read;
  } catch {
    // No JSON: the same for who asked as JSON of something else.
  }
  throw new Problem('bad_request', 'Cannot read argumentsJson: needed the text of a JSON object');
}

function described({ server, name, definition }: ExposedTool) {
  return {
    server,
    name,
    title: textOf(definition['title']),
    description: textOf(definition['description']),
    inputSchema: recordOf(definition['inputSchema']),
    annotations: recordOf(definition['annotations']),
  };
}

/** Servers may send anything: what is not of the promised type is left out. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Record<string, unknown>;
}
