import { type FieldSchema, fieldTable, row } from './field-table.ts';

interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly outputSchema: object;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly openWorldHint: boolean;
  };
}

/** What the control server offers. */
export interface ControlDeclared {
  readonly tools: readonly ListedTool[];
  /** Operation that each tool does, by the tool's name. */
  readonly operationOf: ReadonlyMap<string, string>;
  readonly templates: readonly {
    readonly uriTemplate: string;
    readonly title: string;
    readonly mimeType: string;
  }[];
  readonly prompts: readonly {
    readonly name: string;
    readonly description: string;
    readonly takesName: boolean;
  }[];
  /** Operations no agent gets. */
  readonly leftOut: readonly string[];
}

/** The reference page of `/control/mcp`. */
export function controlPage(declared: ControlDeclared): string {
  const { tools, operationOf, templates, prompts, leftOut } = declared;
  return [
    '# Control tools',
    'Generated from `packages/ringmaster/src/doors/control`; edit that, not this page.',
    'What agents find at `/control/mcp`; the guide is [Agents operate the fleet](../guides/agents.md). A mistake in the arguments is answered as a result with `isError` that says what to change.',
    '## Tools',
    table(
      ['Tool', 'Operation', 'Effect', 'For'],
      tools.map((tool) => [
        `[\`${tool.name}\`](#${tool.name})`,
        operationLink(operationOf.get(tool.name)),
        effectOf(tool),
        tool.title,
      ]),
    ),
    ...tools.map(section),
    '## Resources',
    table(
      ['URI', 'Type', 'What it holds'],
      templates.map(({ uriTemplate, mimeType, title }) => [`\`${uriTemplate}\``, mimeType, title]),
    ),
    'Both are listed for each process and complete `name`.',
    '## Prompts',
    table(
      ['Prompt', 'Argument', 'For'],
      prompts.map(({ name, takesName, description }) => [
        `\`${name}\``,
        takesName ? '`name`' : '',
        description,
      ]),
    ),
    '## What agents do not get',
    `A person's, or at \`/mcp\`: ${leftOut.map((name) => operationLink(name)).join(', ')}.`,
  ]
    .join('\n\n')
    .concat('\n');
}

function section(tool: ListedTool): string {
  return [
    `### ${tool.name}`,
    `${tool.description}${tool.description.endsWith('.') ? '' : '.'} It ${effectOf(tool)}.`,
    ...titled('Input', tool.inputSchema),
    ...titled('Output', tool.outputSchema),
  ].join('\n\n');
}

function titled(title: string, schema: object): string[] {
  const told = fieldTable({ toJSONSchema: () => schema as FieldSchema }, 'input');
  return told === undefined ? [] : [`**${title}**`, told];
}

function effectOf({ annotations }: ListedTool): string {
  if (annotations.readOnlyHint) return 'changes nothing';
  return annotations.destructiveHint ? 'asks for a yes, or a plan, first' : 'changes something';
}

function operationLink(operation: string | undefined): string {
  if (operation === undefined) return '';
  return `[\`${operation}\`](operations.md#${operation.replace('.', '').toLowerCase()})`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, headings.map(() => '---'), ...rows];
  return lines.map((cells) => row(cells)).join('\n');
}
