import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The two sets of requirements of the suite. */
export type Revision = '2025-11-25' | '2026-07-28';

/** What one scenario found. */
export interface Verdict {
  readonly scenario: string;
  /** False for what the suite runs and reports without counting it. */
  readonly isScored: boolean;
  readonly passed: number;
  /** `CHECK: message`, for each check that failed; a scenario that did not run at all has one. */
  readonly failures: readonly string[];
  /** The same for what the suite only recommends. */
  readonly warnings: readonly string[];
}

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
  readonly details?: unknown;
}

interface Requirements {
  readonly server: readonly string[];
  readonly client: readonly string[];
  readonly not_scored: readonly { readonly scenario: string; readonly leg: Leg }[];
}

/** Which side of the protocol is looked at. */
export type Leg = 'server' | 'client';

/** Longest run of all scenarios of one revision. */
const runTimeoutMs = 250_000;
/** Longest that one of our clients takes; they all run at once. */
const clientTimeoutMs = 120_000;
const suite = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/conformance/package.json',
);
const main = join(suite, '../dist/index.js');
const preload = new URL('./preload.js', import.meta.url).href;

/** Runs all scenarios for servers of one revision against a URL, one after the other. */
export function testServer(url: string, revision: Revision): Promise<Verdict[]> {
  return runSuite('server', revision, ['--url', url]);
}

/** Runs all scenarios for clients of one revision: `command` is started once for each, with the URL of a server. */
export function testClient(command: string, revision: Revision): Promise<Verdict[]> {
  const args = ['--command', command, '--timeout', String(clientTimeoutMs)];
  return runSuite('client', revision, args);
}

/** Scenarios that count, and those which are run beside them. */
export function requirementsOf(revision: Revision, leg: Leg): readonly Omit<Verdict, 'passed'>[] {
  const file = join(suite, `../requirements/${revision}.yaml`);
  const all = parse(readFileSync(file, 'utf8')) as Requirements;
  const nothing = { failures: [], warnings: [] };
  const beside = all.not_scored.filter((one) => one.leg === leg);
  return [
    ...all[leg].map((scenario) => ({ scenario, isScored: true, ...nothing })),
    ...beside.map(({ scenario }) => ({ scenario, isScored: false, ...nothing })),
  ];
}

async function runSuite(leg: Leg, revision: Revision, args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-conformance-'));
  const all = ['--import', preload, main, leg, '--requirements', revision, '-o', folder, ...args];
  try {
    const output = await run(all);
    return requirementsOf(revision, leg).map((one) => verdictOf(one, folder, output));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: runTimeoutMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  const take = (chunk: string) => {
    output = (output + chunk).slice(-100_000);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  return new Promise((resolve) => child.once('close', () => resolve(output)));
}

function verdictOf(one: Omit<Verdict, 'passed'>, folder: string, output: string): Verdict {
  // The folder of a scenario is its name, with the leg before and the time behind it.
  const name = one.scenario.replaceAll('/', '-');
  const pattern = new RegExp(`(^|/)(server-|client-)?${name}-\\d{4}-\\d\\d-\\d\\dT`);
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .find((path) => path.endsWith('checks.json') && pattern.test(path.replace(one.scenario, name)));
  if (found === undefined) {
    return { ...one, passed: 0, failures: [`it did not run: ${output.slice(-2_000)}`] };
  }
  const checks = JSON.parse(readFileSync(join(folder, found), 'utf8')) as Check[];
  const withStatus = (status: string) =>
    checks.filter((check) => check.status === status).map(describe);
  const passed = withStatus('SUCCESS').length;
  const failures = withStatus('FAILURE');
  // A scenario that checked nothing has shown nothing.
  const vacuous = passed === 0 && failures.length === 0 ? ['it passed no check'] : [];
  return { ...one, passed, failures: [...failures, ...vacuous], warnings: withStatus('WARNING') };
}

function describe({ id, errorMessage, details }: Check): string {
  const more = id.startsWith('wire-schema') ? ` ${JSON.stringify(details)?.slice(0, 1_500)}` : '';
  return `${id}: ${errorMessage ?? ''}${more}`;
}
