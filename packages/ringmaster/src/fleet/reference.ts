import { fleetJsonSchema, type JsonSchema } from './json-schema.ts';

/** The reference page of the fleet file as Markdown: one table for each section, all from the schema. */
export function fleetReferenceMarkdown(): string {
  const sections: string[] = [];
  addSection(sections, { title: 'The file', schema: fleetJsonSchema(), level: 2 });
  return `${[introduction, ...sections].join('\n\n')}\n`;
}

const introduction = `# The fleet file

<!-- Generated from the schema. Do not edit. -->

One file says which servers run: \`ringmaster.yaml\`, or the same keys in TOML (\`.toml\`) or JSON (\`.json\`,
comments allowed). A client's own configuration (\`.mcp.json\`, \`.vscode/mcp.json\`, \`config.toml\` of Codex) works too.

- Every key may be left out; then the default holds. Unknown keys are errors.
- Durations are numbers of milliseconds or text such as \`250ms\`, \`30s\`, \`5m\`, \`2h\`, \`1d\`; sizes are numbers of bytes or
  text such as \`512B\`, \`100MB\`, \`10MiB\`.
- \`\${VAR}\` and \`\${VAR:-default}\` are looked up each time a server starts: first the server's own port (\`\${PORT}\`), then its
  \`envFile\`, the environment of the daemon, and \`variablesFile\`. \`$$\` is a plain dollar sign. Values are never stored.
- A server with only \`command\` speaks MCP on stdin and stdout. With \`command\` and \`url\` it is an HTTP MCP server that is
  started; with only \`url\` one that is only connected to. \`kind: service\` is a plain service that is started and probed.`;

interface Section {
  readonly title: string;
  readonly schema: JsonSchema;
  readonly level: number;
}

function addSection(into: string[], { title, schema, level }: Section): void {
  const prefix = title === 'The file' ? '' : `${title}.`.replaceAll('`', '');
  const rows: string[] = [];
  const below: Section[] = [];
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    const items =
      typeof child.additionalProperties === 'object' ? child.additionalProperties : undefined;
    if (child.properties !== undefined) {
      below.push({ title: `\`${prefix}${key}\``, schema: child, level: 3 });
    } else if (items?.properties !== undefined) {
      rows.push(row(key, child));
      below.push({ title: `\`${prefix}${key}.NAME\``, schema: items, level: 2 });
    } else rows.push(row(key, child));
  }
  const heading = `${'#'.repeat(level)} ${title}`;
  if (rows.length > 0) into.push([heading, '', ...tableHead, ...rows].join('\n'));
  for (const section of below) addSection(into, section);
}

const tableHead = [
  '| Key | Type | Default | Unit | Limits | What it does |',
  '|---|---|---|---|---|---|',
];

function row(key: string, schema: JsonSchema): string {
  const cells = [
    `\`${key}\``,
    typeText(schema),
    schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``,
    schema.unit ?? '',
    limitsText(schema),
    schema.description ?? '',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function typeText(schema: JsonSchema): string {
  if (schema.unit === 'ms') return 'duration';
  if (schema.unit === 'bytes') return 'size';
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) {
    return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  }
  if (Array.isArray(schema.type)) return 'text';
  switch (schema.type) {
    case 'integer':
      return 'whole number';
    case 'string':
      return 'text';
    case 'array':
      return 'list';
    case 'object':
      return 'names and values';
    case 'boolean':
      return 'true or false';
    default:
      return String(schema.type ?? '');
  }
}

function limitsText({ minimum, maximum, pattern, minItems, anyOf }: JsonSchema): string {
  if (anyOf !== undefined)
    return anyOf
      .map(limitsText)
      .filter((text) => text !== '')
      .join('; ');
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (minItems !== undefined) return `at least ${minItems}`;
  return pattern === undefined ? '' : `\`${pattern}\``;
}
