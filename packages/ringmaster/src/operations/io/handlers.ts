import type { Handlers } from '../index.ts';
import { createDaemonHandlers } from './daemon-handlers.ts';
import { createLogHandlers } from './log-handlers.ts';
import { createMetricHandlers } from './metric-handlers.ts';
import type { HandlerNeeds } from './needs.ts';
import { createServerHandlers } from './server-handlers.ts';
import { createServerTable } from './server-table.ts';

/** What every door calls: one handler for each operation, fed with input that its schema has checked. */
export function createHandlers(needs: HandlerNeeds): Handlers {
  const { gateway, journal } = needs;
  const table = createServerTable(needs);
  return {
    ...createDaemonHandlers(needs, table),
    ...createServerHandlers(needs, table),
    ...createLogHandlers(needs, table),
    ...createMetricHandlers(needs, table),
    async 'tool.list'({ server }) {
      if (server !== undefined) table.check([server]);
      return {
        tools: gateway.tools(server).map((tool) => ({
          server: tool.server,
          name: tool.name,
          exposedAs: tool.exposedAs,
          title: textOf(tool.definition['title']),
          description: textOf(tool.definition['description']),
          inputSchema: recordOf(tool.definition['inputSchema']),
        })),
      };
    },
    async 'tool.call'({ server, tool, arguments: given, timeoutMs }) {
      table.check([server]);
      const call = { server, tool, arguments: given };
      return gateway.callTool(timeoutMs === undefined ? call : { ...call, timeoutMs });
    },
    async 'event.list'({ subject, kind, beforeSeq, sinceMs, limit }) {
      const events = await journal.list({
        limit,
        ...(subject === undefined ? {} : { subject }),
        ...(kind === undefined ? {} : { kind }),
        ...(beforeSeq === undefined ? {} : { beforeSeq }),
        ...(sinceMs === undefined ? {} : { sinceMs }),
      });
      return { events };
    },
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
