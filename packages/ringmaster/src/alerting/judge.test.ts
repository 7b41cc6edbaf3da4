import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alerts } from '../fleet/schema-alerts.ts';
import { type CallRollup, mergeCallRollups, noCalls, rollUpCall } from '../journal/call-rollups.ts';
import type { NewEvent } from '../journal/events.ts';
import type { MetricName, MetricSample } from '../journal/metrics.ts';
import { alertKey } from './alert.ts';
import { type Facts, judge, type ServerFacts } from './judge.ts';

const nowMs = 1_700_000_000_000;
const settings = alerts.parse({});
const nothing: Facts = {
  ...{ nowMs, settings, sampleMs: 30_000, machine: [], servers: [], events: [] },
  openAs: () => undefined,
};
const files: ServerFacts = {
  ...{ server: 'files', state: 'ready', wanted: 'running', why: '', needsSignIn: false },
  ...{ samples: [], calls: noCalls },
  logs: { logErrorsPerMinute: 0, logErrorsPerDay: 0, logCritical: 0 },
};

/** Ten samples in the window, the newest last. */
function samples(metric: MetricName, values: readonly number[], stepMs = 30_000): MetricSample[] {
  return values.map((value, index) => ({
    ...{ atMs: nowMs - (values.length - 1 - index) * stepMs, subject: '' },
    values: { [metric]: value },
  }));
}

function calls(count: number, call: { tookMs: number; outcome: string }): CallRollup {
  return Array.from({ length: count }, () => rollUpCall(call)).reduce(mergeCallRollups, noCalls);
}

function died(agoMs: number): NewEvent {
  return {
    ...{ atMs: nowMs - agoMs, kind: 'instance.died', subject: 'files', index: 0, generation: 1 },
    ...{
      exit: 'code 1',
      expected: false,
      why: 'ended with code 1',
      lastLines: [],
      next: 'restart',
    },
  };
}

function sick(agoMs: number): NewEvent {
  const about = { subject: 'files', index: 0, generation: 1, why: 'it does not answer' };
  return { atMs: nowMs - agoMs, kind: 'instance.sick', ...about };
}

function refused(agoMs: number): NewEvent {
  const atMs = nowMs - agoMs;
  return { atMs, kind: 'spawn.refused', subject: 'files', why: 'found no program' } as NewEvent;
}

function look(given: Partial<Facts>): string[] {
  const { wrong } = judge({ ...nothing, ...given });
  return wrong.map((finding) => `${alertKey(finding)} ${finding.severity}`);
}

const machineCases: readonly (readonly [string, readonly number[], boolean, readonly string[]])[] =
  [
    ['one sample of ten over the threshold', [0, 0, 0, 0, 0, 0, 0, 0, 0, 81], false, []],
    ['two of ten', [0, 0, 0, 0, 0, 0, 0, 0, 80, 81], false, ['cpuPercent/machine warning']],
    [
      'two of ten over the worse one',
      [0, 0, 0, 0, 0, 0, 0, 0, 96, 95],
      false,
      ['cpuPercent/machine critical'],
    ],
    ['too few samples', [99, 99], false, []],
    ['four points below while it is open', [76, 76, 76, 76], true, ['cpuPercent/machine warning']],
    ['four points below while none is open', [76, 76, 76, 76], false, []],
    ['six points below while it is open', [74, 74, 74, 74], true, []],
    [
      'four points below a worse threshold that it never reached',
      [91, 91, 91, 91],
      true,
      ['cpuPercent/machine warning'],
    ],
  ];

for (const [name, values, isOpen, expected] of machineCases) {
  test(`CPU of the machine: ${name}`, () => {
    assert.deepEqual(
      look({
        machine: samples('cpuPercent', values),
        openAs: () => (isOpen ? 'warning' : undefined),
      }),
      expected,
    );
  });
}

/** As `look`, what is over its threshold but does not fire. */
function pending(given: Partial<Facts>): string[] {
  const found = judge({ ...nothing, ...given }).pending;
  return found.map((finding) => `${alertKey(finding)} ${finding.severity} ${finding.value}`);
}

const pendingCases: readonly (readonly [string, Partial<Facts>, readonly string[]])[] = [
  [
    'the newest of ten samples is over',
    { machine: samples('cpuPercent', [0, 0, 0, 0, 0, 0, 0, 0, 0, 96]) },
    ['cpuPercent/machine critical 96'],
  ],
  [
    'one of too few samples',
    { machine: samples('cpuPercent', [81]) },
    ['cpuPercent/machine warning 81'],
  ],
  ['it was over once, and is no longer', { machine: samples('cpuPercent', [99, 0, 0, 0]) }, []],
  ['it fires', { machine: samples('cpuPercent', [99, 99, 99]) }, []],
  [
    'one failed call is too few to fire',
    { servers: [{ ...files, calls: calls(1, { tookMs: 1, outcome: 'error' }) }] },
    ['errorPercent/files critical 100'],
  ],
  ['no calls at all', { servers: [files] }, []],
];

for (const [name, given, expected] of pendingCases) {
  test(`what may fire soon: ${name}`, () => {
    const machine = samples('diskPercent', [0]);
    assert.deepEqual(pending({ machine, ...given }), expected);
  });
}

test('what was not sampled is unknown, neither well nor wrong', () => {
  const { wrong, unknown } = judge({
    ...{ ...nothing, servers: [files], openAs: () => 'warning' as const },
    machine: samples('cpuPercent', [99, 99, 99], 1e7),
  });
  assert.deepEqual(wrong, []);
  assert.ok(unknown.has('cpuPercent/machine'));
  assert.ok(unknown.has('memoryBytes/files'));
});

const slow = { tookMs: 4_000, outcome: 'ok' };
const quick = { tookMs: 10, outcome: 'ok' };
const callCases: readonly (readonly [string, CallRollup, readonly string[]])[] = [
  ['no alert without traffic', noCalls, []],
  ['nineteen failed calls are too few', calls(19, { tookMs: 1, outcome: 'error' }), []],
  [
    'twenty failed calls',
    calls(20, { tookMs: 1, outcome: 'error' }),
    ['errorPercent/files critical'],
  ],
  [
    'three failed of a hundred',
    mergeCallRollups(calls(97, quick), calls(3, { tookMs: 1, outcome: 'late' })),
    ['errorPercent/files warning'],
  ],
  ['five slow of a hundred', mergeCallRollups(calls(95, quick), calls(5, slow)), []],
  [
    'six slow of a hundred',
    mergeCallRollups(calls(94, quick), calls(6, slow)),
    ['latencyMs/files warning'],
  ],
  ['all very slow', calls(20, { tookMs: 9_000, outcome: 'ok' }), ['latencyMs/files critical']],
];

for (const [name, rollup, expected] of callCases) {
  test(`calls of a server: ${name}`, () => {
    assert.deepEqual(look({ servers: [{ ...files, calls: rollup }] }), expected);
  });
}

test('a server that died and runs again is told with why it died, not with why it runs', () => {
  const servers = [{ ...files, why: 'it speaks MCP 2025-11-25' }];
  for (const deaths of [1, 3]) {
    const events = [3_000, 2_000, 1_000].slice(0, deaths).map(died);
    const { wrong } = judge({ ...nothing, servers, events });
    assert.deepEqual(
      wrong.map(({ rule, why }) => [rule, why]),
      [['down', 'ended with code 1']],
    );
  }
});

const stateCases: readonly (readonly [string, Partial<ServerFacts>, NewEvent[], string[]])[] = [
  ['one death', {}, [died(1_000)], ['down/files warning']],
  ['a death long ago', {}, [died(61_000)], []],
  [
    'three deaths in ten minutes',
    {},
    [died(500_000), died(400_000), died(90_000)],
    ['down/files high'],
  ],
  ['three deaths in more', {}, [died(700_000), died(400_000), died(90_000)], []],
  ['failed', { state: 'failed' }, [died(1_000)], ['down/files critical']],
  ['failed, but stopped by a person', { state: 'failed', wanted: 'stopped' }, [died(1_000)], []],
  ['sick', { state: 'sick' }, [], ['sick/files high']],
  ['refused, but not wanted', { wanted: 'stopped' }, [refused(9)], ['spawnRefused/files high']],
  ['dead because it was refused', {}, [refused(9), died(8)], ['down/files high']],
  [
    'failed because it was refused',
    { state: 'failed' },
    [refused(9), died(8)],
    ['down/files critical'],
  ],
  ['sick after a death', { state: 'sick' }, [died(1_000)], ['sick/files high']],
  ['well now, and sick three times', {}, [1e6, 2e5, 1e5].map(sick), ['flapping/files high']],
  ['sick twice in half an hour, and once before', {}, [2e6, 2e5, 1e5].map(sick), []],
  ['two samples missing', { silentMs: 89_999 }, [], []],
  ['three samples missing', { silentMs: 90_000 }, [], ['noSamples/files warning']],
  ['stopped, and not measured', { wanted: 'stopped', silentMs: 1e9 }, [], []],
  ['sick in a crash loop', { state: 'sick' }, [3, 2, 1].map(died), ['down/files high']],
  [
    'failed as nobody signed in',
    { state: 'failed', needsSignIn: true },
    [died(1)],
    ['signInNeeded/files critical'],
  ],
  ['signed out', { needsSignIn: true }, [], ['signInNeeded/files warning']],
  [
    'ten errors a minute',
    { logs: { ...files.logs, logErrorsPerMinute: 10 } },
    [],
    ['logErrorsPerMinute/files warning'],
  ],
  [
    'errors of a day and critical lines, of which nobody asked to be told',
    { logs: { ...files.logs, logErrorsPerDay: 1e6, logCritical: 9 } },
    [],
    [],
  ],
  [
    'much memory',
    { samples: samples('memoryBytes', [5e8, 5e8, 6e8]) },
    [],
    ['memoryBytes/files critical'],
  ],
];

for (const [name, server, events, expected] of stateCases) {
  test(`a server: ${name}`, () => {
    assert.deepEqual(look({ servers: [{ ...files, ...server }], events }), expected);
  });
}

test("a server's own thresholds come before those of the fleet, and false is none", () => {
  const own = alerts.parse({
    servers: { files: { errorPercent: { high: 50 } } },
    cpuPercent: false,
  });
  const failing = { ...files, calls: calls(20, { tookMs: 1, outcome: 'error' }) };
  const machine = samples('cpuPercent', [99, 99, 99]);
  const servers = [failing, { ...failing, server: 'other' }];
  assert.deepEqual(look({ settings: own, servers, machine }), [
    'errorPercent/files high',
    'errorPercent/other critical',
  ]);
});

test('fifty errors a day and one critical line are alerts where they are asked for', () => {
  const asked = alerts.parse({ logErrorsPerDay: { warning: 50 }, logCritical: { critical: 1 } });
  const found = (logs: Partial<ServerFacts['logs']>) =>
    look({ settings: asked, servers: [{ ...files, logs: { ...files.logs, ...logs } }] });
  assert.deepEqual(found({ logErrorsPerDay: 49 }), []);
  assert.deepEqual(found({ logErrorsPerDay: 50 }), ['logErrorsPerDay/files warning']);
  assert.deepEqual(found({ logCritical: 1 }), ['logCritical/files critical']);
});

test('samples a second apart may be late for a minute', () => {
  assert.deepEqual(look({ sampleMs: 1_000, machineSilentMs: 59_999 }), []);
  assert.deepEqual(look({ sampleMs: 1_000, machineSilentMs: 60_000 }), [
    'noSamples/machine warning',
  ]);
});

test('a machine of which nothing is measured any more is an alert, unless nobody asks for it', () => {
  assert.deepEqual(look({ machineSilentMs: 1e6 }), ['noSamples/machine warning']);
  const silent = alerts.parse({ missingSamples: false });
  assert.deepEqual(look({ machineSilentMs: 1e6, settings: silent }), []);
});

test('the reason of an alert is one line of bounded length, whatever a server says', () => {
  const said = `it said \u0000${'"\n'.repeat(50_000)}`;
  const event = { ...refused(1_000), why: said } as NewEvent;
  const [found] = judge({ ...nothing, events: [event] }).wrong;
  assert.equal(found?.why?.length, 301);
  assert.match(found?.why ?? '', /^it said +" " [^\p{Cc}]*…$/u);
});
