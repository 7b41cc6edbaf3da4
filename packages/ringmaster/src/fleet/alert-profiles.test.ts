import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFleet } from './check.ts';
import type { AlertSettings } from './schema-alerts.ts';

/** The alerts of a fleet file that says this of them. */
function alertsOf(alerts: object): AlertSettings {
  const { fleet, problems } = checkFleet({ alerts }, { revision: 1, baseDir: '/' });
  assert.deepEqual(problems, undefined);
  assert.ok(fleet);
  return fleet.alerts;
}

const defaults = alertsOf({});

/** The numbers of five installations. */
const table: readonly (readonly [string, Partial<AlertSettings>])[] = [
  [
    'mfg-drone',
    {
      cpuPercent: { warning: 80 },
      memoryPercent: { warning: 85 },
      diskPercent: { warning: 90 },
      latencyMs: { warning: 5_000 },
      errorPercent: { warning: 5 },
      ...{ samplesPercent: 0, callsPercent: 0, minSamples: 1 },
    },
  ],
  [
    'learning-kit',
    {
      cpuPercent: { warning: 80 },
      memoryPercent: { warning: 75 },
      diskPercent: { warning: 85 },
      latencyMs: { warning: 2_000 },
      errorPercent: { warning: 5 },
      ...{ samplesPercent: 10, callsPercent: 5 },
    },
  ],
  [
    'techsapo',
    {
      latencyMs: { warning: 3_000, critical: 5_000 },
      errorPercent: { warning: 2, critical: 5 },
      memoryBytes: { warning: 400e6, critical: 512e6 },
      ...{ samplesPercent: 0, callsPercent: 0, minSamples: 1 },
    },
  ],
  [
    'llm-generator',
    {
      cpuPercent: { warning: 80 },
      memoryPercent: { warning: 80, critical: 95 },
      diskPercent: { warning: 80, high: 85, critical: 95 },
      latencyMs: { warning: 1_000 },
      logErrorsPerDay: { warning: 50 },
      windowMs: 360_000,
      ...{ samplesPercent: 0, callsPercent: 0, minSamples: 1 },
    },
  ],
  [
    'circus',
    {
      memoryBytes: { critical: 1e9 },
      latencyMs: { critical: 30_000 },
      logErrorsPerMinute: { warning: 10 },
      logCritical: { critical: 1 },
      crashLoop: { deaths: 3, withinMs: 600_000 },
      ...{ samplesPercent: 0, callsPercent: 0, minSamples: 1 },
    },
  ],
];

for (const [profile, numbers] of table) {
  test(`alerts.profile ${profile} has the numbers of its installation, and defaults elsewhere`, () => {
    assert.deepEqual(alertsOf({ profile }), { ...defaults, profile, ...numbers });
  });
}

test('what the file says itself comes before the profile', () => {
  const { cpuPercent, memoryPercent } = alertsOf({ profile: 'mfg-drone', cpuPercent: false });
  assert.equal(cpuPercent, false);
  assert.deepEqual(memoryPercent, { warning: 85 });
});

test('a profile nobody knows is named, with those there are', () => {
  const input = { revision: 1, baseDir: '/' };
  const { problems } = checkFleet({ alerts: { profile: 'toString' } }, input);
  assert.deepEqual(
    problems?.map(({ path }) => path.join('.')),
    ['alerts.profile'],
  );
  assert.match(problems?.[0]?.message ?? '', /mfg-drone/);
});
