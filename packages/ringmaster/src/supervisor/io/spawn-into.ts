import type { ChildProcess } from 'node:child_process';
import { Writable } from 'node:stream';
import type { Leaf } from './cgroups.ts';
import { type Permit, spawnPermitted } from './gate.ts';
import { enterLeaf } from './leaf.ts';

const shell = '/bin/sh';
/** What a shell sets by itself; a server shall have none of it that its entry did not give. */
const ofShells = ['PWD', 'OLDPWD', 'SHLVL'];

/**
 * Runs a program in a control group from its first instruction on: Node cannot start a process in one, so a shell waits
 * until it has been put there and then becomes the program, with its pid and start time. Nothing of the server is ever
 * read by that shell: it gets program and arguments as they are. When we die before, it ends.
 */
export function spawnInto(
  leaf: Leaf,
  permit: Permit,
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly stdio: readonly (number | 'ignore')[];
  },
): ChildProcess {
  const unset = ofShells.filter((name) => !(name in options.env));
  const wait = `read -r _ <&3 || exit 125; unset ${['_', ...unset].join(' ')}; exec "$@" 3<&-`;
  const waiting = {
    ...permit,
    file: shell,
    args: ['-c', wait, shell, permit.file, ...permit.args],
  };
  const child = spawnPermitted(waiting, { ...options, stdio: [...options.stdio, 'pipe'] });
  const go = child.stdio[3];
  if (child.pid === undefined || !(go instanceof Writable)) return child;
  // A refusal leaves it where we are: found by the other means, its limits kept by looking.
  enterLeaf(leaf.folder, child.pid);
  go.on('error', () => {});
  go.end('\n');
  return child;
}
