import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaseFor, type PoolMode } from './leases.ts';
import { type Owner, operator } from './owner.ts';

const session: Owner = {
  ...operator,
  key: 'session a',
  session: 'a',
  protocolVersion: '2025-11-25',
};
const asking: Owner = { ...session, capabilities: { elicitation: {} } };
const modern: Owner = { ...asking, key: 'principal local', session: undefined, era: 'modern' };
const roots: Owner = { ...session, capabilities: { roots: {} } };

const cases: readonly [
  PoolMode,
  Owner,
  serverAsks: boolean,
  key: string | undefined,
  kind?: string,
][] = [
  ['shared', asking, true, undefined],
  ['auto', asking, false, undefined],
  ['auto', session, true, undefined],
  ['auto', roots, true, undefined],
  ['auto', asking, true, 'session a', 'visit'],
  ['auto', modern, true, 'call 7', 'call'],
  ['per-session', session, false, 'session a', 'stay'],
  ['per-session', modern, false, 'client principal local', 'stay'],
  ['per-session', operator, false, 'client operator', 'stay'],
  ['per-principal', session, false, 'principal local', 'stay'],
  ['per-principal', modern, false, 'principal local', 'stay'],
];
for (const [mode, owner, serverAsks, key, kind] of cases) {
  const who = `${owner.key} (${Object.keys(owner.capabilities).join() || 'cannot be asked'})`;
  test(`${mode}, ${who}, server ${serverAsks ? 'asks' : 'never asked'}: ${key ?? 'shared'}`, () => {
    const lease = leaseFor(mode, owner, serverAsks ? 7 : undefined);
    assert.deepEqual([lease?.key, lease?.kind], [key, kind]);
  });
}
