import { z } from 'zod';
import { operation } from './operation.ts';

const tool = z.object({
  server: z.string(),
  name: z.string().describe('Its own name at its server'),
  exposedAs: z.string().optional().describe('Its name at /mcp and in views; none when hidden'),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()).optional(),
  annotations: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('What its server says of it, like readOnlyHint; nothing proves it'),
});

/** What can be asked of tools. */
export const toolOperations = {
  'tool.list': operation({
    summary: 'List the tools of all servers, and after them those that are hidden',
    input: z.object({
      server: z.string().optional(),
      view: z.string().optional().describe('Only what this view shows or hides'),
    }),
    output: z.object({
      tools: z.array(
        tool.extend({
          hiddenBy: z
            .string()
            .optional()
            .describe('The rule of the fleet file that hides it and refuses its calls'),
        }),
      ),
    }),
    errors: ['server_not_found', 'view_not_found'],
  }),
  'tool.search': operation({
    summary: 'Find tools by what they do',
    input: z.object({
      query: z.string().min(1).max(2_000).describe('Words, in any language'),
      view: z.string().optional().describe('Only among the tools of this view'),
      limit: z.int().min(1).max(25).default(10).meta({ unit: 'tools' }),
    }),
    output: z.object({
      tools: z.array(
        tool.extend({ score: z.number().describe('Higher fits better, within one answer') }),
      ),
    }),
    errors: ['view_not_found'],
  }),
  'tool.call': operation({
    summary: 'Call one tool',
    input: z.object({
      server: z.string(),
      tool: z.string().describe("The tool's own name at that server"),
      arguments: z.record(z.string(), z.unknown()).default({}),
      argumentsJson: z
        .string()
        .optional()
        .describe(
          'The arguments as JSON text instead, passed on with numbers beyond 2^53 as they are',
        ),
      timeoutMs: z.int().min(1).optional().meta({ unit: 'ms' }),
    }),
    output: z.object({
      result: z
        .record(z.string(), z.unknown())
        .describe('The CallToolResult as the server gave it'),
      resultJson: z
        .string()
        .optional()
        .describe('The same as JSON text, where it holds numbers that reading would round'),
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
