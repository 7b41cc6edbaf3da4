/** A part of a JSON Schema as far as values are made from it. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly [other: string]: unknown;
}

/** Chance that is the same for the same seed. */
export interface Dice {
  /** A whole number from 0, below the bound. */
  below(bound: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Mulberry32: 32 bits of state are plenty for a test. */
export function createDice(seed: number): Dice {
  let state = seed;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    below,
    pick<T>(from: readonly T[]): T {
      return from[below(from.length)] as T;
    },
  };
}

const depthMax = 5;
/** Texts that have broken programs: names that exist come from the caller. */
const oddTexts = [
  ...['', ' ', '0', '-1', '1e99', 'null', '../../etc/passwd', '%00', "'; DROP TABLE events;--"],
  ...[
    '\u0000',
    '\ud800',
    '日本語',
    '🎪',
    'a'.repeat(300),
    '__proto__',
    '${HOME}',
    '{{}}',
    '1h',
    '5s',
  ],
];

/** A value that a schema allows, as far as `type`, limits and `enum` say; names are more often than odd texts. */
export function makeValue(
  schema: Schema,
  { dice, names }: { readonly dice: Dice; readonly names: readonly string[] },
  depth = 0,
): unknown {
  const again = (below: Schema) => makeValue(below, { dice, names }, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return dice.pick(schema.enum);
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return again(dice.pick(options));
  switch (schema.type) {
    case 'object':
      return objectOf(schema, { dice, names, again, isDeep: depth >= depthMax });
    case 'array': {
      const length = (schema.minItems ?? 0) + dice.below(3);
      return Array.from({ length }, () => again(schema.items ?? {}));
    }
    case 'integer':
    case 'number':
      return numberOf(schema, dice);
    case 'boolean':
      return dice.below(2) === 0;
    case 'null':
      return null;
    case 'string':
      return dice.below(3) === 0 ? dice.pick(oddTexts) : dice.pick(names);
    default:
      return dice.pick([null, true, 7, -0.5, 'text', [], {}, { a: { b: [1] } }]);
  }
}

function objectOf(
  schema: Schema,
  how: {
    readonly dice: Dice;
    readonly names: readonly string[];
    readonly again: (below: Schema) => unknown;
    readonly isDeep: boolean;
  },
): Record<string, unknown> {
  const { dice, names, again, isDeep } = how;
  const { properties = {}, required = [], additionalProperties } = schema;
  const chosen = Object.keys(properties).filter(
    (name) => required.includes(name) || (!isDeep && dice.below(2) === 0),
  );
  const made = chosen.map((name): [string, unknown] => [name, again(properties[name] ?? {})]);
  if (typeof additionalProperties === 'object' && !isDeep)
    for (let more = dice.below(3); more > 0; more -= 1)
      made.push([dice.pick(names), again(additionalProperties)]);
  return Object.fromEntries(made);
}

function numberOf({ type, minimum = -1e6, maximum = 1e6 }: Schema, dice: Dice): number {
  const middle = minimum + ((maximum - minimum) * dice.below(1_000)) / 1_000;
  const value = dice.pick([minimum, maximum, middle, Math.max(minimum, Math.min(maximum, 1))]);
  return type === 'integer' ? Math.round(value) : value;
}
