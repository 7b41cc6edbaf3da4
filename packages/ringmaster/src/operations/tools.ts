import { z } from 'zod';
import { operation } from './operation.ts';

/** What can be asked of tools. */
export const toolOperations = {
  'tool.list': operation({
    summary: 'List the tools of all servers',
    input: z.object({ server: z.string().optional() }),
    output: z.object({
      tools: z.array(
        z.object({
          server: z.string(),
          name: z.string().describe('Its own name at its server'),
          exposedAs: z.string().describe('Its name at /mcp'),
          title: z.string().optional(),
          description: z.string().optional(),
          inputSchema: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
    errors: ['server_not_found'],
  }),
  'tool.call': operation({
    summary: 'Call one tool',
    input: z.object({
      server: z.string(),
      tool: z.string().describe("The tool's own name at that server"),
      arguments: z.record(z.string(), z.unknown()).default({}),
      timeoutMs: z.int().min(1).optional().meta({ unit: 'ms' }),
    }),
    output: z.object({
      result: z
        .record(z.string(), z.unknown())
        .describe('The CallToolResult as the server gave it'),
      tookMs: z.number().meta({ unit: 'ms' }),
    }),
    errors: [
      'server_not_found',
      'tool_not_found',
      'server_down',
      'server_busy',
      'call_lost',
      'call_late',
    ],
  }),
} as const;
