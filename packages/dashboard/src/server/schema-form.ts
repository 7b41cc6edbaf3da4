/** JSON Schema as far as a form needs it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
}

/** One field of a form. `json` fields take JSON text: nothing is refused only because the form cannot draw it. */
export interface FormField {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'json';
  readonly isRequired: boolean;
  readonly choices: readonly unknown[];
  readonly description: string | undefined;
  readonly limits: string;
  readonly start: string;
}

/** Longest chain of references and parts that is followed: schemas come from servers and may be circular. */
const depthMax = 8;

/** The fields of an object schema, in its own order. */
export function formFields(schema: Schema): FormField[] {
  const whole = resolve(schema, schema, 0);
  const required = new Set(whole.required ?? []);
  return Object.entries(whole.properties ?? {}).map(([name, property]) => {
    const field = resolve(property, schema, 0);
    return {
      name,
      kind: kindOf(field),
      isRequired: required.has(name),
      choices: field.enum ?? (field.const === undefined ? [] : [field.const]),
      description: field.description ?? field.title,
      limits: limitsOf(field),
      start: startOf(field),
    };
  });
}

/** What was typed, as the arguments of a call; or what is wrong with each field. */
export function readForm(
  fields: readonly FormField[],
  typed: Readonly<Record<string, string>>,
): { readonly values: Record<string, unknown>; readonly problems: Record<string, Trouble> } {
  const values: [string, unknown][] = [];
  const problems: [string, Trouble][] = [];
  for (const field of fields) {
    const text = typedIn(typed, field);
    if (text === '' && field.kind !== 'boolean') {
      if (field.isRequired && field.kind !== 'text') problems.push([field.name, 'missing']);
      else if (field.isRequired) values.push([field.name, '']);
      continue;
    }
    const read = readField(field, text);
    if ('trouble' in read) problems.push([field.name, read.trouble]);
    else values.push([field.name, read.value]);
  }
  // Own fields even when one is called `__proto__`.
  return { values: Object.fromEntries(values), problems: Object.fromEntries(problems) };
}

/** What stands in a field: what was typed, else what its schema starts with. */
export function typedIn(typed: Readonly<Record<string, string>>, field: FormField): string {
  return Object.hasOwn(typed, field.name) ? (typed[field.name] ?? '') : field.start;
}

/** What can be wrong with a field. */
export type Trouble = 'missing' | 'number' | 'integer' | 'json';

function readField(
  field: FormField,
  text: string,
): { readonly value: unknown } | { readonly trouble: Trouble } {
  switch (field.kind) {
    case 'text':
      return { value: text };
    case 'choice':
      return { value: field.choices.find((choice) => String(choice) === text) ?? text };
    case 'boolean':
      return { value: text === 'true' };
    case 'number':
    case 'integer': {
      const number = Number(text);
      if (!Number.isFinite(number)) return { trouble: 'number' };
      if (field.kind === 'integer' && !Number.isInteger(number)) return { trouble: 'integer' };
      return { value: number };
    }
    case 'json':
      try {
        return { value: JSON.parse(text) };
      } catch {
        // The reader is told at the field.
        return { trouble: 'json' };
      }
  }
}

function resolve(schema: Schema, root: Schema, depth: number): Schema {
  if (depth > depthMax) return {};
  if (schema.$ref !== undefined) {
    const found = lookUp(root, schema.$ref);
    return found === undefined ? {} : resolve(found, root, depth + 1);
  }
  if (schema.allOf !== undefined) {
    const { allOf, ...own } = schema;
    const parts = [own, ...allOf].map((part) => resolve(part, root, depth + 1));
    return {
      properties: Object.assign({}, ...parts.map((part) => part.properties)),
      required: parts.flatMap((part) => part.required ?? []),
    };
  }
  return schema;
}

/** `#/$defs/name` within the same schema; nothing is ever fetched. */
function lookUp(root: Schema, reference: string): Schema | undefined {
  if (!reference.startsWith('#/')) return undefined;
  let found: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, step.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return found as Schema | undefined;
}

function kindOf(field: Schema): FormField['kind'] {
  if (field.enum !== undefined || field.const !== undefined) return 'choice';
  if (field.anyOf !== undefined || field.oneOf !== undefined) return 'json';
  switch (field.type) {
    case 'string':
      return 'text';
    case 'number':
    case 'integer':
    case 'boolean':
      return field.type;
    default:
      return 'json';
  }
}

function limitsOf(field: Schema): string {
  const { minimum, maximum, maxLength } = field;
  const parts = [
    ...(minimum === undefined ? [] : [`≥ ${minimum}`]),
    ...(maximum === undefined ? [] : [`≤ ${maximum}`]),
    ...(maxLength === undefined ? [] : [`≤ ${maxLength}`]),
  ];
  return [typeof field.type === 'string' ? field.type : '', ...parts]
    .filter((part) => part !== '')
    .join(' ');
}

function startOf(field: Schema): string {
  const { default: start } = field;
  if (start === undefined) return kindOf(field) === 'boolean' ? 'false' : '';
  return typeof start === 'string' ? start : JSON.stringify(start);
}
