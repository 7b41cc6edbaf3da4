import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Load {
  readonly calls: number;
  readonly failed: number;
  readonly p95Ms?: number;
}
interface Measured {
  readonly tool: string;
  readonly before: Load;
  readonly after?: Load;
  readonly kept: boolean;
  readonly undo?: object;
}

const work = ['--tool', 'work', '--arg', 'ms=5', '--seconds', '1'];

test('a change is measured before and after by a real load, and taken back unless it is to be kept', async () => {
  covers('advice.benchmark');
  await using home = createHome({ servers: { serial: entry('serial') } });
  await home.up();
  const written = () => JSON.parse(readFileSync(home.file, 'utf8')) as unknown;
  const before = written();
  const wider = ['--set', 'pool.min=2', '--set', 'pool.max=2'];
  const tried = await home.json<Measured>('optimize', 'serial', '--benchmark', ...work, ...wider);
  for (const load of [tried.before, tried.after]) {
    assert.ok((load?.calls ?? 0) > 0);
    assert.equal(load?.failed, 0);
    assert.ok((load?.p95Ms ?? 0) >= 5);
  }
  assert.equal(tried.kept, false);
  assert.equal(tried.undo, undefined);
  assert.deepEqual(written(), before, 'the file is not as it was');

  const kept = await home.run('optimize', 'serial', '--benchmark', ...work, ...wider, '--keep');
  assert.equal(kept.code, 0, kept.stderr);
  assert.match(
    kept.stdout,
    /pool +- +\{"min":2,"max":2\}[\s\S]*before +\d+\/0[\s\S]*after +\d+\/0/,
  );
  assert.equal(home.servers('serial').length, 2);
  const [, command = ''] = /take it back: ringmaster (edit .*)/.exec(kept.stderr) ?? [];
  const undone = await home.run(...command.split(' '));
  assert.equal(undone.code, 0, undone.stderr);
  assert.deepEqual(written(), before);
});

test('a daemon that is killed in the middle of a benchmark: the next one changes the settings back', async () => {
  await using home = createHome({ servers: { serial: entry('serial') } });
  const daemon = await home.up();
  const isChanged = () => /pool/.test(readFileSync(home.file, 'utf8'));
  const args = ['--benchmark', '--tool', 'work', '--arg', 'ms=5', '--seconds', '5'];
  const cut = home.run('optimize', 'serial', ...args, '--set', 'pool.max=2');
  await waitFor('the change', isChanged);
  await daemon.kill();
  assert.notEqual((await cut).code, 0);
  assert.ok(isChanged());
  const next = await home.up();
  await waitFor('the way back', () => !isChanged());
  const told = await waitFor('the journal', async () => {
    const { events } = await next.api<{ events: { subject: string; outcome: string }[] }>(
      '/events?kind=benchmark.cutShort',
    );
    return events[0];
  });
  assert.deepEqual([told.subject, told.outcome], ['serial', 'undone']);
});

test('what cannot be measured is told, and nothing is changed', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const text = readFileSync(home.file, 'utf8');
  const told = async (...args: readonly string[]) => {
    const { code, stderr } = await home.run('optimize', ...args);
    return `${code} ${stderr}`;
  };
  assert.match(await told('--benchmark'), /^64 [\s\S]*needed one with --benchmark/);
  assert.match(await told('echo', '--benchmark'), /^64 [\s\S]*no tool that is marked read-only/);
  assert.match(await told('echo', '--benchmark', '--tool', 'none'), /^1 [\s\S]*none/);
  assert.match(
    await told('echo', '--benchmark', '--tool', 'refuse'),
    /^64 [\s\S]*needed arguments/,
  );
  const brief = ['--benchmark', '--tool', 'pid', '--seconds', '1'];
  assert.match(await told('echo', ...brief, '--set', 'pool.min=many'), /^3 [\s\S]*pool\.min/);
  assert.match(await told('echo', ...brief, '--set', 'env.TOKEN=x'), /^1 [\s\S]*may be secret/);
  assert.equal(readFileSync(home.file, 'utf8'), text);
  const { revision } = await daemon.api<{ revision: number }>('/fleet');
  assert.equal(revision, 1);
});

test('without figures that speak for a change, none is suggested, and every figure can be shown', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  await home.up();
  const suggested = await home.run('optimize', '--suggestions', '--hours', '2');
  assert.equal(suggested.code, 0, suggested.stderr);
  assert.match(suggested.stdout, /figures of the last 2 h are no ground/);
  assert.match(suggested.stdout, /Too little data: figures of /);
  const tuning = await home.run('recommendations', '--config-tuning', '--lang', 'ja');
  assert.match(tuning.stdout, /^- データが不足しています/);
  const detailed = await home.run('metrics', '--detailed', '--period', '30d');
  assert.equal(detailed.code, 0, detailed.stderr);
  assert.match(detailed.stdout, /[\s\S]*\necho\n/);
});

test('what stored figures speak for is suggested, applied to the fleet file, and taken back as it says', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const call = { server: 'echo', tool: 'slow', arguments: { ms: 5_100 } };
  await Promise.all(Array.from({ length: 20 }, () => daemon.api('/tools/call', call)));
  const text = readFileSync(home.file, 'utf8');
  const suggested = await home.run('optimize', '--hours', '1');
  assert.match(suggested.stdout, /echo took longer than[\s\S]*pool +- +\{"max":2\}/);
  assert.equal(readFileSync(home.file, 'utf8'), text, 'a suggestion changed the file');
  const japanese = await home.run('optimize', '--hours', '1', '--lang', 'ja');
  assert.match(japanese.stdout, /servers\.echo\.pool\.max を - から 2 に変更してください/);
  const done = await home.run('optimize', 'echo', '--apply', '--hours', '1');
  assert.equal(done.code, 0, done.stderr);
  const { revision } = await daemon.api<{ revision: number }>('/fleet');
  assert.equal(revision, 2);
  const [, command = ''] = /take it back: ringmaster (edit .*)/.exec(done.stderr) ?? [];
  assert.equal((await home.run(...command.split(' '))).code, 0);
  assert.deepEqual(JSON.parse(readFileSync(home.file, 'utf8')), JSON.parse(text));
});
