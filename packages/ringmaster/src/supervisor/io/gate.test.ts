import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Problem } from '../../errors.ts';
import type { NewEvent } from '../../journal/events.ts';
import type { SpawnPolicy } from '../spawn-gate.ts';
import { createSpawnGate } from './gate.ts';

/** A folder with `safe/tool`, a link to it, and a link in `safe` that leads outside. */
function inFolder(run: (folder: string) => void): void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ringmaster-gate-')));
  try {
    for (const name of ['safe', 'wild']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'tool'), '#!/bin/sh\n');
      chmodSync(join(folder, name, 'tool'), 0o755);
    }
    symlinkSync(join(folder, 'wild', 'tool'), join(folder, 'safe', 'escape'));
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function gateOf(policy: Partial<SpawnPolicy>, approved = new Map<string, string>()) {
  const events: NewEvent[] = [];
  const gate = createSpawnGate({
    clock: { nowMs: () => 7, tickMs: () => 7, after: () => () => {} },
    append: (event) => events.push(event),
    policy: () => ({
      ...{ allowCommands: [], allowPaths: [], allowEnvironment: [], approve: 'never' },
      ...policy,
    }),
    approved: (server) => approved.get(server),
    remember: (server, hash) => void approved.set(server, hash),
  });
  const pass = (command: string, path?: string, hash = 'a') =>
    gate.pass({ server: 'it', written: command, command, environment: [], path, hash });
  return { pass, events, approved };
}

test('a command is looked up in the PATH it will have', () =>
  inFolder((folder) => {
    const { pass } = gateOf({});
    const path = `${join(folder, 'nothing')}:${join(folder, 'safe')}`;
    assert.equal(pass('tool', path), join(folder, 'safe', 'tool'));
    assert.throws(() => pass('tool', '/does/not/exist'), /found no program "tool"/);
  }));

test('a link that leads out of an allowed folder is refused, and the journal says so', () =>
  inFolder((folder) => {
    const { pass, events } = gateOf({ allowPaths: [join(folder, 'safe')] });
    assert.equal(pass(join(folder, 'safe', 'tool')), join(folder, 'safe', 'tool'));
    assert.throws(
      () => pass(join(folder, 'safe', 'escape')),
      (error) => error instanceof Problem && error.code === 'spawn_refused',
    );
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['spawn.refused'],
    );
  }));

test('what was seen first is approved; a change waits for a person', () =>
  inFolder((folder) => {
    const { pass, approved } = gateOf({ approve: 'changed' });
    const tool = join(folder, 'safe', 'tool');
    pass(tool, undefined, 'first');
    assert.throws(
      () => pass(tool, undefined, 'second'),
      (error) => error instanceof Problem && error.code === 'approval_needed',
    );
    approved.set('it', 'second');
    assert.equal(pass(tool, undefined, 'second'), tool);
  }));
