import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inRoot } from './product.ts';

interface Locked {
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** Licences that ask for no more than to be named. */
const permissive =
  /^(MIT|MIT-0|ISC|BSD-[23]-Clause|0BSD|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|Zlib)$/;
/** What else we work with and do not pass on, or pass on as it is; docs/decisions/0026-licences.md says why. */
const others: readonly (readonly [path: RegExp, licence: string])[] = [
  [/\/(@axe-core\/playwright|axe-core|lightningcss(-[\w-]+)?)$/, 'MPL-2.0'],
  [/\/@fontsource-variable\/[\w-]+$/, 'OFL-1.1'],
  [/\/@modelcontextprotocol\/server-[\w-]+$/, 'SEE LICENSE IN LICENSE'],
];

const lock = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
const locked = Object.entries(lock.packages as Readonly<Record<string, Locked>>).filter(
  ([path, { link }]) => path.includes('node_modules/') && link !== true,
);

/** `(A OR B)` may be taken as either, `(A AND B)` is both. */
function isPermissive(licence: string): boolean {
  const parts = licence.replace(/^\((.*)\)$/, '$1');
  if (parts.includes(' OR ')) return parts.split(' OR ').some(isPermissive);
  return parts.split(' AND ').every((part) => permissive.test(part));
}

test('whatever a user installs with us is under a permissive licence', () => {
  const installed = locked.filter(([, { dev }]) => dev !== true);
  assert.ok(installed.length > 10, 'hardly anything was looked at');
  for (const [path, { license = 'none' }] of installed)
    assert.ok(isPermissive(license), `${path}: ${license}`);
});

test('what we only work with is, too, but for what a decision names', () => {
  for (const [path, { license = 'none' }] of locked) {
    const isNamed = others.some(([name, licence]) => name.test(path) && licence === license);
    assert.ok(isPermissive(license) || isNamed, `${path}: ${license}`);
  }
});
