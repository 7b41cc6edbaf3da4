import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from '../../errors.ts';
import type { Command, ServicePlan, ServiceSteps } from '../service-plan.ts';
import { serviceMark } from '../service-unit.ts';

/** What was done to a service, and what is left for a person to do. */
export interface ServiceReport {
  readonly file: string;
  readonly change: 'written' | 'replaced' | 'unchanged' | 'removed' | 'absent';
  /** Commands that were run and went well. */
  readonly done: readonly string[];
  /** Commands that remain, in order, because the first of them could not be run. */
  readonly left: readonly string[];
  /** Why something is left. */
  readonly why: string | undefined;
}

/** Longest that a command of the service manager may take, besides stopping what it is told to stop. */
const commandMaxMs = 30_000;
/** Longest that stopping may take; the manager itself ends sooner what is later than its file says. */
const stopCommandMaxMs = 3_600_000;

/**
 * Writes the file of a service, enables it and, with `start`, starts it; doing it again changes nothing. Throws
 * `service_exists` when a file that is not ours has its name.
 */
export async function installService(
  plan: ServicePlan,
  more: { readonly start: boolean },
): Promise<ServiceReport> {
  const before = readOwn(plan.file);
  const change = before === undefined ? 'written' : before === plan.text ? 'unchanged' : 'replaced';
  if (change !== 'unchanged') {
    changeFile(plan.file, () => {
      mkdirSync(dirname(plan.file), { recursive: true });
      writeFileSync(plan.file, plan.text, { mode: 0o644 });
    });
  }
  const commands = [...plan.enable, ...(more.start ? plan.start : [])];
  return { file: plan.file, change, ...(await runInOrder(commands, commandMaxMs)) };
}

/**
 * Stops and removes a service; one that is not there is no error. Throws `service_exists` when the file is not ours.
 */
export async function uninstallService(steps: ServiceSteps): Promise<ServiceReport> {
  const { file } = steps;
  if (readOwn(file) === undefined) {
    return { file, change: 'absent', done: [], left: [], why: undefined };
  }
  const disabled = await runInOrder(steps.disable, stopCommandMaxMs);
  changeFile(file, () => rmSync(file, { force: true }));
  if (disabled.left.length > 0) {
    const left = [...disabled.left, ...steps.forget.map(textOf)];
    return { file, change: 'removed', ...disabled, left };
  }
  const forgot = await runInOrder(steps.forget, commandMaxMs);
  return { file, change: 'removed', ...forgot, done: [...disabled.done, ...forgot.done] };
}

/** Whether an installed service runs, as far as its manager can be asked. */
export async function isActive(steps: Pick<ServiceSteps, 'isActive'>): Promise<boolean> {
  if (steps.isActive === undefined) return true;
  return (await ask(steps.isActive, commandMaxMs)).why === undefined;
}

/** Whether services of this user of the machine start at boot (loginctl(1)); false where nobody can say. */
export async function isLingering(user: string): Promise<boolean> {
  const { stdout } = await ask(['loginctl', 'show-user', user, '--property=Linger'], commandMaxMs);
  return stdout.trim() === 'Linger=yes';
}

/** A command as a person would type it. */
export function textOf(command: Command): string {
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
}

function readOwn(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem('file_unreadable', `Cannot read ${file}`, { cause });
  }
  if (text.slice(0, 200).includes(serviceMark)) return text;
  throw new Problem('service_exists', `${file} was not written by Ringmaster and stays as it is`);
}

function changeFile(file: string, change: () => void): void {
  try {
    change();
  } catch (cause) {
    throw new Problem('file_unreadable', `Cannot change ${file}`, { cause });
  }
}

async function runInOrder(
  commands: readonly Command[],
  timeoutMs: number,
): Promise<Pick<ServiceReport, 'done' | 'left' | 'why'>> {
  const done: string[] = [];
  for (const [at, command] of commands.entries()) {
    const { why } = await ask(command, timeoutMs);
    if (why !== undefined) return { done, left: commands.slice(at).map(textOf), why };
    done.push(textOf(command));
  }
  return { done, left: [], why: undefined };
}

/** What a command wrote, and if it failed the first line of why. */
function ask(
  [program, ...words]: Command,
  timeoutMs: number,
): Promise<{ readonly stdout: string; readonly why: string | undefined }> {
  return new Promise((resolve) => {
    execFile(program, words, { timeout: timeoutMs, encoding: 'utf8' }, (error, stdout, stderr) => {
      const said = stderr.trim().split('\n')[0] || error?.message.split('\n')[0];
      resolve({ stdout, why: error === null ? undefined : said });
    });
  });
}
