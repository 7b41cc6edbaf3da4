/** JSON Schema as far as a form needs it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  /** Names of the members of `enum`, as older servers give them. */
  readonly enumNames?: readonly string[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
}

/** One of a few values, and how it is called. */
export interface Choice {
  readonly value: unknown;
  readonly label: string;
}

/** How a schema is filled in. `json` takes JSON text: nothing is refused only because the form cannot draw it. */
export type Shape =
  | { readonly kind: 'text' | 'number' | 'integer' | 'boolean' | 'json' }
  | { readonly kind: 'fixed'; readonly value: unknown }
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
  | { readonly kind: 'object'; readonly fields: readonly Field[] }
  | { readonly kind: 'list'; readonly item: Schema }
  | { readonly kind: 'union'; readonly options: readonly Option[] };

/** One property of an object. */
export interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/** One of the schemas a value may follow. */
export interface Option {
  readonly label: string;
  readonly schema: Schema;
}

/** Most places that a form starts with: a schema may need itself many times over. */
const startedMax = 500;
/** Longest chain of references and parts that is followed: schemas come from servers and may be circular. */
const depthMax = 8;
/** A choice within a choice counts as so many links of that chain: choices fan out. */
const choiceDepth = 4;

/** A schema with its own references and parts put together. `root` holds what is referred to; nothing is ever fetched. */
export function resolve(schema: unknown, root: Schema, depth = 0): Schema {
  // `true`, and what is no schema at all, allows everything.
  if (typeof schema !== 'object' || schema === null || depth > depthMax) return {};
  const { $ref, allOf, ...own } = schema as Schema;
  if ($ref === undefined && !Array.isArray(allOf)) return own;
  const referred = $ref === undefined ? [] : [lookUp(root, $ref)];
  const parts = [...referred, ...(allOf ?? [])].map((part) => resolve(part, root, depth + 1));
  // What stands beside a reference narrows it, and says more of this place than the referred.
  const whole: Schema = Object.assign({}, ...parts, own);
  const all = [...parts, own];
  const properties = Object.assign({}, ...all.map((part) => part.properties));
  return {
    ...whole,
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    required: all.flatMap((part) => part.required ?? []),
  };
}

/** `#/$defs/name` within the same schema. */
function lookUp(root: Schema, reference: string): unknown {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  let found: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, step.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return found;
}

/** How a resolved schema is filled in. */
export function shapeOf(schema: Schema, root: Schema, depth = 0): Shape {
  if (depth > depthMax) return { kind: 'json' };
  if (schema.const !== undefined) return { kind: 'fixed', value: schema.const };
  if (Array.isArray(schema.enum)) {
    const names = schema.enumNames ?? [];
    const choices = schema.enum.map((value, at) => ({ value, label: names[at] ?? textOf(value) }));
    return { kind: 'choice', choices };
  }
  const options = optionsOf(schema, root).flatMap((option) => flat(option, root, depth));
  if (options.length === 1 && options[0] !== undefined) {
    return shapeOf(options[0].schema, root, depth + 1);
  }
  if (options.length > 1) return choiceOf(options) ?? { kind: 'union', options };
  switch (schema.type) {
    case 'string':
      return { kind: 'text' };
    case 'number':
    case 'integer':
    case 'boolean':
      return { kind: schema.type };
    case 'null':
      return { kind: 'fixed', value: null };
    case 'array':
      return isObject(schema.items) ? { kind: 'list', item: schema.items } : { kind: 'json' };
    case 'object':
    case undefined:
      return objectOf(schema);
    default:
      return { kind: 'json' };
  }
}

function objectOf({ properties, required }: Schema): Shape {
  if (!isObject(properties)) return { kind: 'json' };
  const needed = new Set(required ?? []);
  const fields = Object.entries(properties).map(([name, schema]) => ({
    ...{ name, schema, isRequired: needed.has(name) },
  }));
  return { kind: 'object', fields };
}

/** Choices within a choice are choices of the one; where that has no end, anything may be typed. */
function flat(option: Option, root: Schema, depth: number): readonly Option[] {
  const shape = shapeOf(option.schema, root, depth + choiceDepth);
  if (shape.kind === 'union') return shape.options;
  return shape.kind === 'json' ? [{ label: option.label, schema: {} }] : [option];
}

/** What a value may be, when it may be several things: `anyOf`, `oneOf`, or a list of types. */
function optionsOf(schema: Schema, root: Schema): Option[] {
  const { anyOf, oneOf, type, ...own } = schema;
  if (Array.isArray(type)) {
    return type.map((one: string) => ({ label: one, schema: { ...own, type: one } }));
  }
  const several = anyOf ?? oneOf;
  if (!Array.isArray(several)) return [];
  return several.map((one: unknown, at) => {
    const option = resolve(one, root);
    // What all of them share stands beside them: an object whose options only say what is needed, for example.
    const properties = { ...own.properties, ...option.properties };
    const shared = own.properties === undefined ? {} : { properties, type: 'object' };
    const required = [...(own.required ?? []), ...(option.required ?? [])];
    const whole = { ...(type === undefined ? {} : { type }), ...option, ...shared, required };
    return { label: option.title ?? nameOf(option) ?? String(at + 1), schema: whole };
  });
}

/** Options that are one value each are a choice among values. */
function choiceOf(options: readonly Option[]): Shape | undefined {
  if (!options.every(({ schema }) => schema.const !== undefined)) return undefined;
  const choices = options.map(({ schema }) => ({
    value: schema.const,
    label: schema.title ?? textOf(schema.const),
  }));
  return { kind: 'choice', choices };
}

function nameOf({ type, format, enum: values, properties }: Schema): string | undefined {
  if (values !== undefined) return values.map(textOf).join(', ').slice(0, 40);
  if (typeof type === 'string') return format === undefined ? type : `${type} (${format})`;
  return properties === undefined ? undefined : 'object';
}

/** An object of JSON, not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a form starts with: the default, what is fixed, and in objects what is needed. Undefined is not sent at all. */
export function startOf(schema: unknown, root: Schema): unknown {
  return start(schema, root, { left: startedMax });
}

function start(schema: unknown, root: Schema, places: { left: number }): unknown {
  places.left -= 1;
  const whole = resolve(schema, root);
  if (whole.default !== undefined) return whole.default;
  const shape = shapeOf(whole, root);
  if (shape.kind === 'fixed') return shape.value;
  if (shape.kind !== 'object' || places.left <= 0) return undefined;
  const started = shape.fields.map(({ name, schema, isRequired }) => {
    const hasDefault = resolve(schema, root).default !== undefined;
    return [name, isRequired || hasDefault ? start(schema, root, places) : undefined] as const;
  });
  return Object.fromEntries(started.filter(([, value]) => value !== undefined));
}
