import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeExit } from '../supervisor/exit.ts';
import { describeExcess } from '../supervisor/resources.ts';
import { awaitSignIn, decideRestart } from '../supervisor/restart.ts';
import { judgeSpawn, type SpawnPolicy, type SpawnRequest } from '../supervisor/spawn-gate.ts';
import { sayWhy, sentences as words } from './say-why.ts';

for (const { en, ja } of [
  {
    en: 'add is of echo already',
    ja: 'add はすでに echo のものです',
  },
  {
    en: 'died by itself (exit code 1); 5 deaths in a row; slow retries from now on',
    ja: '異常終了しました (終了コード 1)。5 回続けて終了したため、間隔を空けて再試行します',
  },
  {
    en: 'could not be started: Server "x" may not be started: found no program "nod"; looked in PATH or at that path; tried again slowly from now on',
    ja: '起動できませんでした: サーバー "x" は起動を許可されていません: プログラム "nod" が PATH にも、そのパスにもありません。間隔を空けて再試行します',
  },
  {
    en: 'killed, as it used 597 MB of memory, resources.memoryBytes allows 150 MB (signal SIGKILL); death 1 in a row, started again at once',
    ja: '強制終了しました。メモリを 597 MB 使いました。resources.memoryBytes の上限は 150 MB です (シグナル SIGKILL)。連続 1 回目の終了。すぐに再起動します',
  },
  {
    en: 'not ready within 3000 ms: what it sent is no MCP: "Starting; listening" (exit code 0)',
    ja: '3000 ミリ秒以内に準備が完了しませんでした: MCP ではない内容を送りました: "Starting; listening" (exit code 0)',
  },
  {
    en: 'env, args changed; applied without a restart (ringmaster apply)',
    ja: 'env, args が変更されました。再起動なしで適用します (ringmaster apply)',
  },
  {
    en: '3 probes failed in a row: GET http://127.0.0.1:1/h answered 500',
    ja: 'ヘルスチェックが 3 回続けて失敗しました: GET http://127.0.0.1:1/h の応答は 500 です',
  },
  {
    en: 'Error: something of a program; it says so',
    ja: 'Error: something of a program; it says so',
  },
  { en: '', ja: '' },
])
  test(`in Japanese: ${en.slice(0, 60)}`, () => {
    assert.equal(sayWhy(en, 'ja'), ja);
    assert.equal(sayWhy(en, 'en'), en);
  });

/** Every sentence that the thought of this room makes, made by itself. */
function sentences(): readonly string[] {
  const exits = [
    describeExit({ kind: 'exited', code: 3 }),
    describeExit({ kind: 'signalled', signal: 'SIGTERM' }),
    describeExit({ kind: 'unknown' }),
    describeExit({ kind: 'spawnFailed', message: 'spawn x ENOENT' }),
  ];
  const policy = { baseDelayMs: 100, maxDelayMs: 1_000, stableMs: 1, failAfter: 5 };
  const clean = { kind: 'exited', code: 0 } as const;
  const facts = { exit: clean, wanted: 'running', wasTrouble: false, chance: 0 } as const;
  const decisions = [
    decideRestart(
      { ...policy, policy: 'always' },
      { ...facts, wanted: 'stopped', deathsInARow: 1 },
    ),
    decideRestart({ ...policy, policy: 'never' }, { ...facts, deathsInARow: 1 }),
    decideRestart({ ...policy, policy: 'on-failure' }, { ...facts, deathsInARow: 1 }),
    ...[1, 3, 9].map((deathsInARow) =>
      decideRestart({ ...policy, policy: 'always' }, { ...facts, deathsInARow }),
    ),
    decideRestart({ ...policy, policy: 'always', failAfter: 1 }, { ...facts, deathsInARow: 1 }),
    awaitSignIn,
  ];
  const open: SpawnPolicy = {
    ...{ allowCommands: [], allowPaths: [], allowEnvironment: [], approve: 'all' },
  };
  const request: SpawnRequest = {
    ...{ command: 'node', name: 'node', path: '/usr/bin/node', realPath: '/usr/bin/node' },
    ...{ isUsual: true, places: [] },
    ...{ environment: [], hash: 'h' },
    approved: undefined,
  };
  const verdicts = [
    judgeSpawn(open, request),
    judgeSpawn(open, { ...request, approved: 'other' }),
    judgeSpawn(open, { ...request, approved: 'held' }),
    judgeSpawn(open, { ...request, path: undefined }),
    judgeSpawn(open, { ...request, environment: ['LD_PRELOAD'] }),
    judgeSpawn({ ...open, allowCommands: ['python3'] }, request),
    judgeSpawn({ ...open, allowCommands: ['python3'] }, { ...request, command: '/usr/bin/node' }),
    judgeSpawn({ ...open, allowCommands: ['/usr/bin/*'] }, { ...request, realPath: '/opt/node' }),
    judgeSpawn({ ...open, allowPaths: ['/opt'] }, request),
  ];
  const excesses = (['memoryBytes', 'cpuPercent', 'processes'] as const).map((resource) =>
    describeExcess({ resource, value: 90, limit: 10, action: 'told' }),
  );
  const refused = verdicts.flatMap((verdict) => ('why' in verdict ? [verdict.why] : []));
  assert.equal(refused.length, verdicts.length);
  return [...exits, ...decisions.map(({ why }) => why), ...refused, ...excesses];
}

test('every sentence that decides in this room is known in Japanese', () => {
  for (const sentence of sentences())
    assert.match(sayWhy(sentence, 'ja'), /[ぁ-んァ-ヶ一-龠]/, sentence);
});

test('each row is found by its own sentence, and both languages have the same places', () => {
  for (const [en, ja] of words) {
    const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    assert.deepEqual(places(ja), places(en), en);
    const sentence = en.replaceAll(/\{\w+\}/g, 'X9');
    assert.equal(sayWhy(sentence, 'ja'), ja.replaceAll(/\{\w+\}/g, 'X9'), en);
  }
});

test('a reason that is long, or made to be slow, is answered at once', () => {
  const long = `died by itself (${'x'.repeat(3_000)})`;
  assert.equal(sayWhy(long, 'ja'), long);
  const nested = 'tried again, after: '.repeat(90);
  assert.ok(sayWhy(nested, 'ja').length > 0);
});
