import { isObject, resolve, type Schema, shapeOf } from './tool-schema.ts';

/** What does not fit: where, which rule, and its limit. */
export interface Trouble {
  /** As a script would write it: `area.points[2].x`; empty for the whole. */
  readonly path: string;
  readonly rule: Rule;
  readonly limit: string;
}

/** Rules of a schema that are looked at before a call; the server looks at all of them. */
export type Rule =
  | 'missing'
  | 'text'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'list'
  | 'object'
  | 'choice'
  | 'json'
  | 'least'
  | 'most'
  | 'above'
  | 'below'
  | 'multiple'
  | 'shortest'
  | 'longest'
  | 'pattern'
  | 'fewest'
  | 'mostItems';

/** Most places that are looked at: a circular schema may fan out without end. The rest is left to the server. */
const checkedMax = 5_000;
/** A pattern is a server's: on longer texts it is left to the server. */
const patternedMax = 1_000;

interface Place {
  readonly root: Schema;
  readonly path: string;
  readonly places: { left: number };
}

/** What is wrong with a value, each place at most once. `undefined` is a value that is not there. */
export function troublesOf(value: unknown, schema: unknown, root: Schema): Trouble[] {
  return check(value, schema, { root, path: '', places: { left: checkedMax } });
}

/** The place of a member of an object. */
export function memberPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function check(value: unknown, schema: unknown, place: Place): Trouble[] {
  place.places.left -= 1;
  if (place.places.left < 0) return [];
  const whole = resolve(schema, place.root);
  const shape = shapeOf(whole, place.root);
  const wrong = (rule: Rule, limit: unknown = ''): Trouble[] => [
    { path: place.path, rule, limit: String(limit) },
  ];
  switch (shape.kind) {
    case 'json':
      return isUnread(value) ? wrong('json') : [];
    case 'text':
      return typeof value === 'string'
        ? ofFigures(textRules, value.length, { whole, wrong, value })
        : wrong('text');
    case 'number':
    case 'integer':
      if (typeof value !== 'number') return wrong('number');
      if (shape.kind === 'integer' && !Number.isInteger(value)) return wrong('integer');
      return ofFigures(numberRules, value, { whole, wrong, value });
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('boolean');
    case 'fixed':
      return isSame(value, shape.value) ? [] : wrong('choice', JSON.stringify(shape.value));
    case 'choice': {
      const isOne = shape.choices.some((one) => isSame(one.value, value));
      return isOne ? [] : wrong('choice', shape.choices.map(({ label }) => label).join(', '));
    }
    case 'object':
      return isObject(value) ? ofFields(value, shape.fields, place) : wrong('object');
    case 'list':
      return Array.isArray(value)
        ? [
            ...ofFigures(listRules, value.length, { whole, wrong, value }),
            ...ofItems(value, shape.item, place),
          ]
        : wrong('list');
    case 'union':
      return ofOptions(value, shape.options, place);
  }
}

interface FigureRule {
  readonly rule: Rule;
  readonly of: keyof Schema;
  readonly fits: (figure: number, limit: number) => boolean;
}

const numberRules: readonly FigureRule[] = [
  { rule: 'least', of: 'minimum', fits: (figure, limit) => figure >= limit },
  { rule: 'most', of: 'maximum', fits: (figure, limit) => figure <= limit },
  { rule: 'above', of: 'exclusiveMinimum', fits: (figure, limit) => figure > limit },
  { rule: 'below', of: 'exclusiveMaximum', fits: (figure, limit) => figure < limit },
  { rule: 'multiple', of: 'multipleOf', fits: isMultiple },
];
const textRules: readonly FigureRule[] = [
  { rule: 'shortest', of: 'minLength', fits: (figure, limit) => figure >= limit },
  { rule: 'longest', of: 'maxLength', fits: (figure, limit) => figure <= limit },
];
const listRules: readonly FigureRule[] = [
  { rule: 'fewest', of: 'minItems', fits: (figure, limit) => figure >= limit },
  { rule: 'mostItems', of: 'maxItems', fits: (figure, limit) => figure <= limit },
];

/** The first rule that a figure breaks; of a text its length is the figure, and its pattern comes last. */
function ofFigures(
  rules: readonly FigureRule[],
  figure: number,
  about: {
    readonly whole: Schema;
    readonly value: unknown;
    readonly wrong: (rule: Rule, limit: unknown) => Trouble[];
  },
): Trouble[] {
  const { whole, value, wrong } = about;
  for (const { rule, of, fits } of rules) {
    const limit = whole[of];
    if (typeof limit === 'number' && !fits(figure, limit)) return wrong(rule, limit);
  }
  const { pattern } = whole;
  const isFitting = typeof value !== 'string' || fitsPattern(value, pattern);
  return isFitting ? [] : wrong('pattern', pattern);
}

function fitsPattern(text: string, pattern: string | undefined): boolean {
  if (typeof pattern !== 'string' || text.length > patternedMax) return true;
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    // A pattern of another dialect: the server knows.
    return true;
  }
}

function ofFields(
  value: Readonly<Record<string, unknown>>,
  fields: readonly {
    readonly name: string;
    readonly schema: Schema;
    readonly isRequired: boolean;
  }[],
  place: Place,
): Trouble[] {
  return fields.flatMap(({ name, schema, isRequired }) => {
    const path = memberPath(place.path, name);
    const own = Object.hasOwn(value, name) ? value[name] : undefined;
    if (own === undefined) return isRequired ? [{ path, rule: 'missing', limit: '' }] : [];
    return check(own, schema, { ...place, path });
  });
}

function ofItems(value: readonly unknown[], item: Schema, place: Place): Trouble[] {
  return value.flatMap((one, at) => {
    const path = `${place.path}[${at}]`;
    if (one === undefined) return [{ path, rule: 'missing', limit: '' }];
    return check(one, item, { ...place, path });
  });
}

/** Fine when it fits one of them; else what is wrong with the one it is nearest to. */
function ofOptions(
  value: unknown,
  options: readonly { readonly schema: Schema }[],
  place: Place,
): Trouble[] {
  const all = options.map(({ schema }) => check(value, schema, place));
  return all[nearest(all, place.path)] ?? [];
}

/** Which option a value follows: one it fits, else one of its type, else the first. */
export function optionOf(
  value: unknown,
  options: readonly { readonly schema: Schema }[],
  root: Schema,
): number {
  return nearest(
    options.map(({ schema }) => troublesOf(value, schema, root)),
    '',
  );
}

/** Wrong as a whole is farther off than wrong in a part. */
function nearest(all: readonly (readonly Trouble[])[], path: string): number {
  const far = (troubles: readonly Trouble[]): number =>
    troubles.length + (troubles.some((one) => one.path === path && isType(one.rule)) ? 1_000 : 0);
  const distances = all.map(far);
  return Math.max(0, distances.indexOf(Math.min(...distances)));
}

function isType(rule: Rule): boolean {
  return ['text', 'number', 'boolean', 'list', 'object', 'choice'].includes(rule);
}

function isMultiple(figure: number, limit: number): boolean {
  const parts = figure / limit;
  return limit <= 0 || Math.abs(parts - Math.round(parts)) < 1e-9;
}

/** What was typed and is no JSON; it is kept, so that nothing typed is lost. */
export interface Unread {
  readonly [unread]: string;
}
const unread = Symbol('unread');

/** JSON text as its value, or as what it is when it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The reader is told at the field.
    return { [unread]: text };
  }
}

/** The text of what could not be read; undefined for a value. */
export function unreadText(value: unknown): string | undefined {
  return isUnread(value) ? value[unread] : undefined;
}

function isUnread(value: unknown): value is Unread {
  return typeof value === 'object' && value !== null && unread in value;
}

/** Whether two values are the same as JSON. */
export function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** The same object with another member, or without it when `value` is undefined. */
export function withMember(
  members: Readonly<Record<string, unknown>>,
  name: string,
  value: unknown,
): Record<string, unknown> {
  const others = Object.entries(members).filter(([key]) => key !== name);
  // Own members even when one is called `__proto__`; the order of those that stay is kept.
  if (value === undefined) return Object.fromEntries(others);
  if (!Object.hasOwn(members, name)) return Object.fromEntries([...others, [name, value]]);
  return Object.fromEntries(
    Object.entries(members).map(([key, old]) => [key, key === name ? value : old]),
  );
}
