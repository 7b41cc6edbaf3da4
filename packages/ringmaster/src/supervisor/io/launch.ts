import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Problem } from '../../errors.ts';
import { expandServer, type LaunchAuth } from '../../fleet/expand.ts';
import type { ServerSpec } from '../../fleet/fleet.ts';
import { serverEnvironment } from '../environment.ts';
import { markVariable } from '../record.ts';

/** A server made concrete: every variable looked up, every folder absolute. Holds secrets; never stored, never shown. */
export interface ConcreteLaunch {
  readonly command: string | undefined;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** How to sign in to a remote server; paths are absolute. */
  readonly auth: LaunchAuth;
  readonly healthUrl: string | undefined;
  readonly healthCommand: readonly string[];
  /** sha256 of all that makes this process what it is, but a port of `auto`: equal hashes need no restart. */
  readonly hash: string;
}

interface LaunchNeeds {
  readonly baseDir: string;
  readonly port: number | undefined;
  readonly mark: string;
  readonly variables: ServerVariables;
}

/** What `${VAR}` is looked up in at each start. Secrets: never stored, never shown. */
export interface ServerVariables {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Values of the server's own `envFile`. */
  readonly fileEnvironment: Readonly<Record<string, string>>;
}

/** Looks up variables and paths; throws a Problem that names all that is missing. */
export function makeLaunch(spec: ServerSpec, needs: LaunchNeeds): ConcreteLaunch {
  const { launch, problems } = expandServer(spec, {
    port: needs.port,
    ...needs.variables,
  });
  if (problems.length > 0) throw new Problem('fleet_invalid', problems.join('; '));
  const cwd = resolve(needs.baseDir, launch.cwd ?? '.');
  if (launch.command !== undefined) requireFolder(spec.name, cwd);
  const told: Record<string, string> = { [markVariable]: needs.mark };
  if (needs.port !== undefined) told['PORT'] = String(needs.port);
  return {
    command: launch.command,
    args: launch.args,
    cwd,
    env: serverEnvironment({ ours: needs.variables.variables, own: launch.env, told }),
    url: launch.url,
    headers: launch.headers,
    auth: absoluteAuth(launch.auth, needs.baseDir),
    healthUrl: healthUrl(launch.health.http, needs.port),
    healthCommand: launch.health.exec,
    hash: hashOf(spec, needs, cwd),
  };
}

/** A port that was found for one process is left out: the next has another, and is the same otherwise. */
function hashOf(spec: ServerSpec, { port, variables }: LaunchNeeds, cwd: string): string {
  const { launch } = expandServer(spec, { port: spec.port === 'auto' ? 0 : port, ...variables });
  return createHash('sha256')
    .update(JSON.stringify([spec.kind, launch.command, launch.args, cwd, launch.env]))
    .update(JSON.stringify([spec.user, spec.group, spec.resources]))
    .update(JSON.stringify([launch.url, launch.headers, spec.port, spec.era, spec.stdin]))
    .digest('hex');
}

function absoluteAuth(auth: LaunchAuth, baseDir: string): LaunchAuth {
  const { privateKeyFile } = auth;
  if (privateKeyFile === undefined) return auth;
  return { ...auth, privateKeyFile: resolve(baseDir, privateKeyFile) };
}

function healthUrl(http: string | undefined, port: number | undefined): string | undefined {
  if (http === undefined) return undefined;
  return http.startsWith('/') ? `http://127.0.0.1:${port}${http}` : http;
}

function requireFolder(server: string, cwd: string): void {
  // Without this, a missing folder is reported by the system as a missing command.
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new Problem(
    'spawn_failed',
    `The working directory ${cwd} of server "${server}" is no folder`,
  );
}
