import type { Fleet, ServerSpec } from './fleet.ts';

/** What a change costs: a new process or connection, or only new rules for the one that runs. */
type ChangeEffect = 'restart' | 'live';

/** What each field of a server costs when it changes; a new field without a row does not compile. */
const effects: Readonly<Record<Exclude<keyof ServerSpec, 'name'>, ChangeEffect>> = {
  kind: 'restart',
  command: 'restart',
  args: 'restart',
  cwd: 'restart',
  env: 'restart',
  envFile: 'restart',
  url: 'restart',
  headers: 'restart',
  auth: 'restart',
  port: 'restart',
  era: 'restart',
  stdin: 'restart',
  enabled: 'live',
  description: 'live',
  docsUrl: 'live',
  features: 'live',
  dependsOn: 'live',
  restart: 'live',
  start: 'live',
  stop: 'live',
  health: 'live',
  logs: 'live',
  limits: 'live',
  resources: 'restart',
  user: 'restart',
  group: 'restart',
  pool: 'live',
  show: 'live',
  slo: 'live',
  roots: 'live',
  imported: 'live',
};

/** How one server differs between two fleets. */
export interface ServerChange {
  readonly server: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly effect: ChangeEffect;
  /** Names of the changed fields, in the order of the schema; empty when added or removed. */
  readonly fields: readonly string[];
  /** One sentence; names fields, never values, which may be secret. */
  readonly why: string;
}

/** What changed from one fleet to the next, a row a server: removed ones first, then in the order of `after`. */
export function diffFleets(before: Fleet | undefined, after: Fleet): ServerChange[] {
  const old = new Map((before?.servers ?? []).map((server) => [server.name, server]));
  const names = new Set(after.servers.map((server) => server.name));
  const changes: ServerChange[] = [];
  for (const name of old.keys()) {
    if (names.has(name)) continue;
    const why = 'no longer in the fleet file';
    changes.push({ server: name, change: 'removed', effect: 'restart', fields: [], why });
  }
  for (const spec of after.servers) {
    const was = old.get(spec.name);
    if (was === undefined) {
      const why = 'new in the fleet file';
      changes.push({ server: spec.name, change: 'added', effect: 'restart', fields: [], why });
      continue;
    }
    const changed = diffSpecs(was, spec);
    if (changed !== undefined) {
      changes.push({ server: spec.name, change: 'changed', ...changed });
    }
  }
  return changes;
}

/** The changed fields of one server and what they cost; undefined when nothing differs. */
export function diffSpecs(
  before: ServerSpec,
  after: ServerSpec,
): Pick<ServerChange, 'effect' | 'fields' | 'why'> | undefined {
  const fields = (Object.keys(effects) as (keyof typeof effects)[]).filter(
    (field) => !sameValue(before[field], after[field]),
  );
  if (fields.length === 0) return undefined;
  const costly = fields.filter((field) => effects[field] === 'restart');
  const named = costly.length > 0 ? costly : fields;
  const why = `${named.join(', ')} changed`;
  return { effect: costly.length > 0 ? 'restart' : 'live', fields, why };
}

/** Settings of the whole fleet that changed and take effect only when the daemon is started again. */
export function settingsNeedingRestart(before: Fleet, after: Fleet): string[] {
  const changed: string[] = [];
  if (before.name !== after.name) changed.push('fleet');
  for (const key of ['host', 'port', 'legacySse', 'maxBodyBytes'] as const) {
    if (before.listen[key] !== after.listen[key]) changed.push(`listen.${key}`);
  }
  return changed;
}

/** Whether two plain values (as JSON has them) are the same; the order of keys does not count. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keysLeft = Object.keys(left).filter((key) => Reflect.get(left, key) !== undefined);
  const keysRight = Object.keys(right).filter((key) => Reflect.get(right, key) !== undefined);
  return (
    keysLeft.length === keysRight.length &&
    keysLeft.every(
      (key) =>
        Object.hasOwn(right, key) && sameValue(Reflect.get(left, key), Reflect.get(right, key)),
    )
  );
}
