import { setTimeout as pause } from 'node:timers/promises';
import { askingTools } from './asking-tools.ts';
import { audioBase64, embedded, image, schema2020 } from './content.ts';
import { type Data, type Turn, text } from './turn.ts';

/** A tool, written once for all eras. */
export interface Tool {
  readonly description: string;
  /** The schema's properties; none are required unless `required` says so. */
  readonly properties?: Data;
  readonly required?: readonly string[];
  /** The whole schema, where properties are not enough. */
  readonly inputSchema?: Data;
  run(turn: Turn): Data | Promise<Data>;
}

/** An error of the tool itself, which the model is to read. */
export class ToolFailure extends Error {}

const stepMs = 20;
/** Long enough for a server to open a stream for a reply that is not there yet. */
const longMs = 1_300;
/** How often each list was made to change. */
const changes = { tools: 0, prompts: 0 };

/** The name of the tool or prompt that is another one after each change; undefined before the first. */
export function extraName(list: 'tools' | 'prompts'): string | undefined {
  return changes[list] === 0 ? undefined : `test_extra_${changes[list]}`;
}

const plainTools: Readonly<Record<string, Tool>> = {
  test_simple_text: {
    description: 'Returns a text',
    run: () => text('This is a simple text response for testing.'),
  },
  test_image_content: { description: 'Returns an image', run: () => ({ content: [image] }) },
  test_audio_content: {
    description: 'Returns a sound',
    run: () => ({ content: [{ type: 'audio', data: audioBase64, mimeType: 'audio/wav' }] }),
  },
  test_embedded_resource: {
    description: 'Returns an embedded resource',
    run: () => ({
      content: [embedded('test://embedded-resource', 'text/plain', 'An embedded text.')],
    }),
  },
  test_multiple_content_types: {
    description: 'Returns a text, an image and a resource',
    run: () => ({
      content: [
        { type: 'text', text: 'Multiple content types test:' },
        image,
        embedded('test://mixed-content-resource', 'application/json', '{"test":"data"}'),
      ],
    }),
  },
  test_tool_with_logging: { description: 'Logs three times', run: logThrice },
  test_logging_tool: { description: 'Logs three times', run: logThrice },
  test_tool_with_progress: { description: 'Tells its progress', run: progressThrice },
  test_streaming_elicitation: {
    description: 'Asks nobody anything',
    run: () => text('nothing was asked'),
  },
  test_error_handling: {
    description: 'Fails',
    run: () => {
      throw new ToolFailure('This tool intentionally returns an error for testing');
    },
  },
  test_reconnection: { description: 'Ends its stream before it answers', run: answerLater },
  test_x_mcp_header: {
    description: 'Has an argument that is repeated as a header',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      level: { type: 'integer' },
    },
    run: ({ args }) => text(`region=${String(args['region'] ?? 'none')}`),
  },
  json_schema_2020_12_tool: {
    description: 'Has a schema with the words of JSON Schema 2020-12',
    inputSchema: schema2020,
    run: ({ args }) => text(JSON.stringify(args)),
  },
  test_trigger_tool_change: {
    description: 'Puts a new tool in the place of the last one',
    run: (turn) => change(turn, 'tools'),
  },
  test_trigger_prompt_change: {
    description: 'Puts a new prompt in the place of the last one',
    run: (turn) => change(turn, 'prompts'),
  },
  test_touch_resource: {
    description: 'Says that a resource has changed',
    properties: { uri: { type: 'string' } },
    required: ['uri'],
    run: async ({ args, updated }) => {
      await updated(String(args['uri']));
      return text('touched');
    },
  },
};

const extraTool: Tool = { description: 'Comes and goes', run: () => text('here') };

/** The tools as they are now, by name. */
export function toolsNow(): Readonly<Record<string, Tool>> {
  const extra = extraName('tools');
  const all = { ...plainTools, ...askingTools };
  return extra === undefined ? all : { ...all, [extra]: extraTool };
}

/** The tools as a client sees them. */
export function listTools(): Data[] {
  return Object.entries(toolsNow()).map(([name, tool]) => ({
    name,
    description: tool.description,
    inputSchema: tool.inputSchema ?? {
      type: 'object',
      ...(tool.properties === undefined ? {} : { properties: tool.properties }),
      ...(tool.required === undefined ? {} : { required: tool.required }),
    },
  }));
}

/** Runs a tool; its own failures become results, all else is thrown. */
export async function callTool(name: string, turn: Turn): Promise<Data> {
  const tool = toolsNow()[name];
  if (tool === undefined) throw new Error(`Unknown tool: ${name}`);
  try {
    return await tool.run(turn);
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    return { ...text(error.message), isError: true };
  }
}

async function change(turn: Turn, list: 'tools' | 'prompts'): Promise<Data> {
  changes[list] += 1;
  await turn.changed(list);
  return text(`${list} changed`);
}

async function logThrice(turn: Turn): Promise<Data> {
  for (const words of ['Tool execution started', 'Tool processing data', 'Tool completed']) {
    await turn.log(words);
    await pause(stepMs);
  }
  return text('Tool with logging executed successfully');
}

async function progressThrice(turn: Turn): Promise<Data> {
  for (const done of [0, 50, 100]) {
    await turn.progress(done, 100);
    await pause(stepMs);
  }
  return text(String(turn.progressToken ?? 'no token'));
}

async function answerLater(turn: Turn): Promise<Data> {
  turn.closeStream();
  await pause(longMs);
  return text('Reconnection test completed successfully.');
}
