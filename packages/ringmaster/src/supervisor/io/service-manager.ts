import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from '../../errors.ts';
import type { Command, ServicePlan } from '../service-plan.ts';
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
 * `stopMaxMs` is how long its orderly stop may take.
 */
export async function uninstallService(
  plan: ServicePlan,
  more: { readonly stopMaxMs: number },
): Promise<ServiceReport> {
  const { file } = plan;
  if (readOwn(file) === undefined) {
    return { file, change: 'absent', done: [], left: [], why: undefined };
  }
  const disabled = await runInOrder(plan.disable, more.stopMaxMs + commandMaxMs);
  changeFile(file, () => rmSync(file, { force: true }));
  if (disabled.left.length > 0) {
    const left = [...disabled.left, ...plan.forget.map(textOf)];
    return { file, change: 'removed', ...disabled, left };
  }
  const forgot = await runInOrder(plan.forget, commandMaxMs);
  return { file, change: 'removed', ...forgot, done: [...disabled.done, ...forgot.done] };
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
    const why = await run(command, timeoutMs);
    if (why !== undefined) return { done, left: commands.slice(at).map(textOf), why };
    done.push(textOf(command));
  }
  return { done, left: [], why: undefined };
}

/** Undefined when it went well, else the last thing it said. */
function run([program, ...words]: Command, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, words, { timeout: timeoutMs, encoding: 'utf8' }, (error, _, stderr) => {
      if (error === null) resolve(undefined);
      else resolve(stderr.trim().split('\n')[0] || error.message.split('\n')[0]);
    });
  });
}
