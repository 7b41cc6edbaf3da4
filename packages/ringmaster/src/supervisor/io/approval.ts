import { createHash } from 'node:crypto';
import type { ServerSpec } from '../../fleet/fleet.ts';

/**
 * sha256 of what a person approves: the entry as it is written, and whom it runs as, so that neither
 * a changed secret nor a new port asks again, but every other command, argument or variable does.
 */
export function approvalHash(spec: ServerSpec): string {
  const { kind, command, args, cwd, env, envFile, health, user, group } = spec;
  return createHash('sha256')
    .update(JSON.stringify([kind, command, args, cwd, env, envFile, health.exec]))
    .update(user === undefined && group === undefined ? '' : JSON.stringify([user, group]))
    .digest('hex');
}
