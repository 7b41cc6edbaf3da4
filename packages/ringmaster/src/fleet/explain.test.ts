import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { checkFleet } from './check.ts';
import { pathText } from './problem.ts';

function problemsOf(text: string): readonly string[] {
  const { problems = [] } = checkFleet(parse(text), { revision: 1, baseDir: '/' });
  return problems.map(({ path, message }) => `${pathText(path)}: ${message}`);
}

test('a key that belongs elsewhere is told where it belongs', () => {
  const rows: readonly [text: string, told: RegExp][] = [
    ['port: 8080', /^port: unknown key, .*; write it as listen\.port$/],
    ['command: x', /^command: .*; write it as servers\.NAME\.command$/],
    [
      'servers: { a: { command: x, cpuPercent: 5 } }',
      /servers\.a\.cpuPercent: .*; write it as servers\.a\.resources\.cpuPercent$/,
    ],
    [
      'servers: { a: { command: x, health: { port: 5 } } }',
      /servers\.a\.health\.port: .*; write it as servers\.a\.port$/,
    ],
    ['servers: { a: { command: x, unheard: 5 } }', /unheard: unknown key, needed one of [^;]*$/],
    [
      'alerts: { notifiers: { a: { kind: desktop, facility: user } } }',
      /alerts\.notifiers\.a\.facility: unknown key, needed one of kind$/,
    ],
  ];
  for (const [text, told] of rows) {
    const [first] = problemsOf(text);
    assert.match(first ?? '', told);
  }
});

test('of a choice of forms the one that is meant tells its own fault', () => {
  const rows: readonly [text: string, told: string][] = [
    [
      'cpuPercent: { warning: 500 }',
      'cpuPercent.warning: found 500, needed a number from 0 to 100 (%)',
    ],
    [
      'cpuPercent: { warning: x }',
      'cpuPercent.warning: found "x", needed a number from 0 to 100 (%)',
    ],
    [
      'cpuPercent: { low: 5 }',
      'cpuPercent.low: unknown key, needed one of warning, high, critical',
    ],
    [
      'notifiers: { a: { kind: pigeon } }',
      'notifiers.a.kind: found "pigeon", needed "webhook", "slack", "discord", "email", "exec", "syslog" or "desktop"',
    ],
    [
      'notifiers: { a: { kind: email, url: "smtp://a", from: abc, to: [] } }',
      'notifiers.a.to: found a list of 0, needed a list from 1 to 50',
    ],
    ['quietHours: { from: "22:00", to: "6:00", timeZone: Mars }', 'needed a time zone such as'],
  ];
  for (const [text, told] of rows) {
    const problems = problemsOf(`alerts: { ${text} }`);
    assert.ok(
      problems.some((problem) => problem.includes(told)),
      problems.join('\n'),
    );
  }
});

test('a wrong address is told as far as its host, and nothing secret of it', () => {
  const rows: Readonly<Record<string, string>> = {
    nowhere: '"nowhere"',
    'ftp://files.example/pub?key=hush': '"ftp://files.example/…"',
    'localhost:3000/mcp': '"localhost:3000/…"',
    'https//hooks.example/s/hush': '"https//hooks.example/…"',
    'ann:hush@x.example': '"ann:…@x.example"',
    '/mcp': '"/mcp"',
    [`sk-${'a'.repeat(20)}`]: 'text',
  };
  for (const [url, found] of Object.entries(rows))
    assert.deepEqual(problemsOf(`servers: { a: { url: ${JSON.stringify(url)} } }`), [
      `servers.a.url: found ${found}, needed an address that begins with http:// or https://`,
    ]);
});
