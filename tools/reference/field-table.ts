/** The part of a JSON Schema that a reference table shows. */
export interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly unit?: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly items?: FieldSchema;
  readonly anyOf?: readonly FieldSchema[];
  readonly oneOf?: readonly FieldSchema[];
}

/** Anything that can tell its JSON Schema; zod's types can. */
export interface Declared {
  toJSONSchema(options?: { io: 'input' | 'output' }): object;
}

/** One row a field; undefined when there are no fields. */
export function fieldTable(declared: Declared, io: 'input' | 'output'): string | undefined {
  const schema = declared.toJSONSchema({ io }) as FieldSchema;
  const names = Object.keys(schema.properties ?? {});
  if (names.length === 0) return undefined;
  const rows = names.map((name) => {
    const field = schema.properties?.[name] ?? {};
    const isRequired = schema.required?.includes(name) === true;
    return row([`\`${name}\``, typeName(field), isRequired ? 'yes' : 'no', about(field)]);
  });
  return [row(['Field', 'Type', 'Always there', 'Meaning']), row(['---', '---', '---', '---'])]
    .concat(rows)
    .join('\n');
}

/** One line of a Markdown table. */
export function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function typeName(field: FieldSchema): string {
  const choices = field.enum ?? (field.const === undefined ? undefined : [field.const]);
  if (choices !== undefined) return choices.map((one) => `\`${String(one)}\``).join(', ');
  const alternatives = field.anyOf ?? field.oneOf;
  if (alternatives !== undefined) return [...new Set(alternatives.map(typeName))].join(' or ');
  if (field.type === 'array') return `list of ${typeName(field.items ?? {})}`;
  if (field.type === 'object') return objectName(field);
  return String(field.type ?? 'any');
}

function objectName(field: FieldSchema): string {
  const names = Object.keys(field.properties ?? {});
  return names.length === 0 ? 'object' : `object: ${names.map((name) => `\`${name}\``).join(' ')}`;
}

function about(field: FieldSchema): string {
  const parts = [field.description, limits(field)];
  if (field.default !== undefined) parts.push(`default ${JSON.stringify(field.default)}`);
  return parts.filter((part) => part !== undefined && part !== '').join('; ');
}

function limits({ minimum, maximum, unit }: FieldSchema): string {
  const low = minimum === undefined || Math.abs(minimum) >= Number.MAX_SAFE_INTEGER ? '' : minimum;
  const high = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? '' : maximum;
  const range = low === '' && high === '' ? '' : `${low} to ${high}`;
  return [range, unit].filter((part) => part !== '' && part !== undefined).join(' ');
}
