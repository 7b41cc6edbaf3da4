import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeDiscover, judgeDiscoverError, knownEra, legacyVerdictMs } from './era.ts';

for (const { versions, kind } of [
  { versions: ['2026-07-28'], kind: 'modern' },
  { versions: ['2025-11-25', '2026-07-28'], kind: 'modern' },
  { versions: ['2025-11-25'], kind: 'legacy' },
  { versions: undefined, kind: 'legacy' },
  { versions: ['2030-01-01'], kind: 'unusable' },
]) {
  test(`a discover result with ${JSON.stringify(versions)} means ${kind}`, () => {
    assert.equal(judgeDiscover({ supportedVersions: versions }).kind, kind);
  });
}

for (const { error, kind } of [
  { error: { code: -32601, message: '' }, kind: 'legacy' },
  { error: { code: -32600, message: '' }, kind: 'legacy' },
  { error: { code: 0, message: '' }, kind: 'legacy' },
  { error: { code: -32020, message: '' }, kind: 'unusable' },
  { error: { code: -32022, message: '', data: { supported: ['2030-01-01'] } }, kind: 'unusable' },
  { error: { code: -32022, message: '', data: { supported: ['2025-11-25'] } }, kind: 'legacy' },
]) {
  test(`discover refused with ${JSON.stringify(error)} means ${kind}`, () => {
    assert.equal(judgeDiscoverError(error).kind, kind);
  });
}

const nowMs = 1_000_000_000_000;
for (const row of [
  { wanted: 'legacy', remembered: { era: 'modern' }, era: 'legacy' },
  { wanted: '2026-07-28', remembered: undefined, era: 'modern' },
  { wanted: 'auto', remembered: undefined, era: undefined },
  { wanted: 'auto', remembered: 'nonsense', era: undefined },
  { wanted: 'auto', remembered: { era: 'modern', atMs: 0 }, era: 'modern' },
  { wanted: 'auto', remembered: { era: 'legacy', atMs: nowMs - 1 }, era: 'legacy' },
  { wanted: 'auto', remembered: { era: 'legacy', atMs: nowMs - legacyVerdictMs }, era: undefined },
] as const) {
  const { wanted, remembered, era } = row;
  const asked = era === undefined ? 'is probed' : `is taken as ${era}`;
  test(`wanted ${wanted}, remembered ${JSON.stringify(remembered)}: the server ${asked}`, () => {
    assert.equal(knownEra(wanted, remembered, nowMs), era);
  });
}
