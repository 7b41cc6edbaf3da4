import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { InstanceView } from '../instance.ts';
import { endOrphans } from './end-orphans.ts';
import { isSameProcess, startTimeOf } from './process-table.ts';
import { readGuardianRecord } from './state-file.ts';
import { fleetOf, forget, supervise } from './testing/supervise.ts';

/** A stdio MCP server in one line: answers everything with its own pid; `extra` runs first. */
function inlineServer(extra = '', options: { readonly ignoreEnd?: boolean } = {}) {
  const answer =
    `let b='';process.stdin.on('data',d=>{b+=d;for(let i;(i=b.indexOf('\\n'))>=0;){const l=b.slice(0,i);b=b.slice(i+1);` +
    `if(!l)continue;const m=JSON.parse(l);if(m.method==='die')process.exit(m.params.code);` +
    `if(m.id!==undefined)process.stdout.write(JSON.stringify({jsonrpc:'2.0',id:m.id,result:{pid:process.pid}})+'\\n')}})`;
  const end = options.ignoreEnd === true ? ';setInterval(()=>{},1000)' : '';
  return { command: process.execPath, args: ['-e', extra + answer + end] };
}

async function pidOf(world: ReturnType<typeof supervise>, server: string): Promise<number> {
  const result = await world.ask(server, 'who');
  return (result as { pid: number }).pid;
}

test('a server is started, answers, and is stopped by the end of its input', async () => {
  const world = supervise();
  const marker = join(world.dataDir, 'ended');
  const note = `process.stdin.on('end',()=>{require('fs').writeFileSync(${JSON.stringify(marker)},'end')});`;
  const fleet = fleetOf({ one: inlineServer(note) });
  await world.begin(fleet);
  assert.equal(world.view('one').state, 'ready');
  assert.equal(await pidOf(world, 'one'), world.view('one').pid);
  await world.supervisor.stop('one', 'test');
  assert.equal(world.view('one').state, 'stopped');
  assert.equal(readFileSync(marker, 'utf8'), 'end', 'it read the end of its input');
  assert.deepEqual(world.view('one').lastDeath?.exit, { kind: 'exited', code: 0 });
  assert.deepEqual(world.marked(), []);
  await world.supervisor.shutdown('test');
  forget(world.dataDir);
});

test('a guardian is started after the first process, also one without an input, and not before', async () => {
  const world = supervise();
  assert.equal(readGuardianRecord(world.dataDir), undefined);
  await world.begin(fleetOf({ one: { kind: 'service', command: 'sleep', args: ['60'] } }));
  await world.until(() => readGuardianRecord(world.dataDir) !== undefined, 'a guardian');
  const { pid, startTime } = readGuardianRecord(world.dataDir) ?? { pid: 0, startTime: '' };
  assert.ok(isSameProcess(pid, startTime));
  await world.supervisor.shutdown('test');
  await world.until(() => !isSameProcess(pid, startTime), 'its end');
  forget(world.dataDir);
});

test('a server that dies is started again at once, and its last lines are kept', async () => {
  const world = supervise();
  const fleet = fleetOf({ one: inlineServer(`console.error('about to work');`) });
  await world.begin(fleet);
  const before = await pidOf(world, 'one');
  void world.ask('one', 'die', { code: 7 });
  await world.until(
    () => world.view('one').generation === 2 && world.view('one').state === 'ready',
    'again',
  );
  assert.notEqual(await pidOf(world, 'one'), before);
  const view = world.view('one');
  assert.deepEqual(view.lastDeath?.exit, { kind: 'exited', code: 7 });
  const hasLines = () => (world.view('one').lastDeath?.lastLines.length ?? 0) > 0;
  await world.until(hasLines, 'last lines');
  assert.deepEqual(world.view('one').lastDeath?.lastLines, ['about to work']);
  assert.equal(view.restarts, 1);
  await world.supervisor.shutdown('test');
  forget(world.dataDir);
});

test('a server that cannot be started fails, says why, and is retried', async () => {
  const world = supervise();
  const fleet = fleetOf({
    none: { command: '/does/not/exist', restart: { baseDelayMs: 5, maxDelayMs: 50 } },
  });
  await world.begin(fleet);
  await world.until(() => world.view('none').state === 'failed', 'failed');
  assert.match(world.view('none').why, /found no program/);
  const generation = world.view('none').generation;
  await world.until(() => world.view('none').generation > generation + 1, 'tries on');
  await world.supervisor.stop('none', 'test');
  assert.equal(world.view('none').state, 'stopped');
  await world.supervisor.shutdown('test');
  forget(world.dataDir);
});

test('a server that was held by SIGSTOP goes on and leaves in order when it is stopped', async () => {
  const world = supervise();
  const farewell = join(world.dataDir, 'farewell');
  const polite =
    `const leave=()=>{require('fs').writeFileSync(${JSON.stringify(farewell)},'');process.exit()};` +
    `process.on('SIGTERM',leave);process.stdin.on('end',leave);`;
  await world.begin(fleetOf({ held: { ...inlineServer(polite), stop: { graceMs: 60_000 } } }));
  await pidOf(world, 'held');
  assert.equal(world.supervisor.signal('held', 'SIGSTOP'), 1);
  await world.supervisor.stop('held', 'test');
  assert.ok(existsSync(farewell), 'it was killed while it was held');
  await world.supervisor.shutdown('test');
  forget(world.dataDir);
});

test('stopping ends a whole family that ignores SIGTERM, also what left its group', async () => {
  const world = supervise();
  const stubborn = `setInterval(()=>{},1000);process.on('SIGTERM',()=>{});`;
  const child = JSON.stringify(stubborn);
  const family =
    `const{spawn}=require('child_process');process.on('SIGTERM',()=>{});` +
    `spawn(process.execPath,['-e',${child}],{stdio:'ignore'});` +
    `spawn(process.execPath,['-e',${child}],{stdio:'ignore',detached:true}).unref();`;
  const fleet = fleetOf({
    tree: { ...inlineServer(family, { ignoreEnd: true }), stop: { graceMs: 600 } },
  });
  await world.begin(fleet);
  await world.until(() => world.marked().length === 3, 'family of three');
  const before = Date.now();
  await world.supervisor.stop('tree', 'test');
  assert.deepEqual(world.marked(), []);
  assert.ok(Date.now() - before >= 600, 'it had its grace');
  await world.supervisor.shutdown('test');
  forget(world.dataDir);
});

const page = {
  kind: 'service' as const,
  command: process.execPath,
  args: ['-e', `require('http').createServer((q,r)=>r.end('ok')).listen(process.env.PORT)`],
  port: 'auto' as const,
};

/** Supervises in a process of its own, which is killed without warning; what it ran is left as it was. */
async function superviseAndDie(dataDir: string, servers: Parameters<typeof fleetOf>[0]) {
  const script = fileURLToPath(new URL('./testing/doomed.js', import.meta.url));
  const child = spawn(process.execPath, [script, dataDir, JSON.stringify(servers)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const { value: line } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  child.kill('SIGKILL');
  const [code] = await exited;
  assert.equal(typeof line, 'string', `it ended by itself with ${code}`);
  const views: InstanceView[] = JSON.parse(line);
  return new Map(views.map((view) => [view.server, view]));
}

test('a daemon that comes back adopts its servers, and they never noticed', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ringmaster-'));
  const servers = { one: inlineServer(), page };
  const before = await superviseAndDie(dataDir, servers);
  const world = supervise({ dataDir });
  const fleet = fleetOf(servers);
  await world.begin(fleet);
  assert.equal(world.view('one').adopted, true);
  const pid = await pidOf(world, 'one');
  assert.equal(pid, before.get('one')?.pid);
  assert.equal(world.view('page').pid, before.get('page')?.pid);
  assert.equal(world.view('page').port, before.get('page')?.port);
  assert.equal(world.supervisor.life, 2);
  assert.equal(world.marked().length, 2, 'none was doubled');
  process.kill(pid, 'SIGKILL');
  const isAgain = () => world.view('one').state === 'ready' && world.view('one').pid !== pid;
  await world.until(isAgain, 'started again');
  assert.deepEqual(world.view('one').lastDeath?.exit, { kind: 'unknown' });
  await world.supervisor.shutdown('test');
  assert.deepEqual(world.marked(), []);
  forget(dataDir);
});

test('a server whose entry changed while no daemon lived is replaced, not adopted', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ringmaster-'));
  const before = await superviseAndDie(dataDir, { one: inlineServer() });
  const world = supervise({ dataDir });
  const fleet = fleetOf({ one: { ...inlineServer(), env: { NEW: 'yes' } } });
  await world.begin(fleet);
  assert.equal(world.view('one').adopted, false);
  assert.notEqual(world.view('one').pid, before.get('one')?.pid);
  assert.deepEqual(world.marked(), [world.view('one').pid]);
  await world.supervisor.shutdown('test');
  forget(dataDir);
});

test('no two processes of a server ever have the same number, so that the end of one is not the end of the next', async () => {
  const world = supervise();
  const fleet = fleetOf({ one: { ...inlineServer(), pool: { min: 2, max: 2 } } });
  await world.begin(fleet);
  await world.supervisor.reload('one', 'test');
  await world.supervisor.execute(
    fleetOf({}),
    [
      { action: 'stop', server: 'one', why: 'test' },
      { action: 'remove', server: 'one', why: 'test' },
    ],
    'test',
  );
  await world.begin(fleet);
  const numbers = world.events
    .flatMap((event) => (event.kind === 'instance.spawned' ? event : []))
    .map(({ index, generation }) => `${index}/${generation}`);
  assert.equal(numbers.length, 6);
  assert.equal(new Set(numbers).size, 6, numbers.join(' '));
  const unasked = world.events.filter((event) => event.kind === 'instance.died' && !event.expected);
  assert.deepEqual(unasked, []);
  await world.supervisor.shutdown('test');
  forget(world.dataDir);
});

test('a server that left the fleet while no daemon lived is ended', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ringmaster-'));
  const before = await superviseAndDie(dataDir, { gone: inlineServer(), one: inlineServer() });
  const world = supervise({ dataDir });
  const fleet = fleetOf({ one: inlineServer() });
  await world.begin(fleet);
  // What stays does not wait for the end of what does not, so that one may still be on its way out.
  await world.until(() => world.marked().length === 1, 'the end of the one that left');
  assert.deepEqual(world.marked(), [before.get('one')?.pid]);
  assert.equal(world.view('one').pid, before.get('one')?.pid);
  await world.supervisor.shutdown('test');
  forget(dataDir);
});

test('what a dead daemon left is ended at once when asked', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ringmaster-'));
  const before = await superviseAndDie(dataDir, { one: inlineServer() });
  const pid = before.get('one')?.pid ?? 0;
  const startTime = startTimeOf(pid) ?? '';
  const { ended } = await endOrphans(dataDir);
  assert.deepEqual(ended, [{ server: 'one', pid }]);
  assert.equal(isSameProcess(pid, startTime), false);
  forget(dataDir);
});

test('a server starts only after what it depends on is ready', async () => {
  const world = supervise();
  const slow = `const until=Date.now()+300;while(Date.now()<until);`;
  const fleet = fleetOf({
    late: { ...inlineServer(), dependsOn: ['base'] },
    base: inlineServer(slow),
  });
  await world.begin(fleet);
  const order = world.events
    .filter(({ kind }) => kind === 'instance.ready' || kind === 'instance.spawned')
    .map(({ kind, subject }) => `${subject} ${kind}`);
  assert.deepEqual(order, [
    'base instance.spawned',
    'base instance.ready',
    'late instance.spawned',
    'late instance.ready',
  ]);
  await world.supervisor.shutdown('test');
  forget(world.dataDir);
});

test('a server that is stopped while it waits for another is not started', async () => {
  const world = supervise();
  const slow = `const until=Date.now()+400;while(Date.now()<until);`;
  const fleet = fleetOf({
    late: { ...inlineServer(), dependsOn: ['base'] },
    base: inlineServer(slow),
  });
  const starts = fleet.servers.map(({ name }) => ({
    ...{ action: 'start' as const, server: name, why: 'test' },
  }));
  await world.supervisor.execute(fleet, starts, 'test');
  assert.match(world.view('late').why, /waits for base/);
  assert.equal(world.view('late').wanted, 'running');
  await world.supervisor.stop('late', 'test');
  await world.until(() => world.view('base').state === 'ready', 'base ready');
  await world.supervisor.restart('base', 'test');
  assert.equal(world.view('late').state, 'stopped');
  assert.equal(world.view('late').generation, 0);
  await world.supervisor.shutdown('test');
  forget(world.dataDir);
});
