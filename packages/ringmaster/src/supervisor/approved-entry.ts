import { z } from 'zod';
import type { ServerSpec } from '../fleet/fleet.ts';

/** What a server runs, as a person is asked about it; of a variable's value only a digest is kept. */
export const runnableEntry = z.object({
  command: z.string(),
  args: z.array(z.string()),
  cwd: z.string().optional(),
  environment: z.record(z.string(), z.string()),
  envFile: z.string().optional(),
  check: z.array(z.string()).optional(),
  account: z.string().optional(),
});
export type RunnableEntry = z.output<typeof runnableEntry>;

/** How what a server would run now stands to what was approved. */
export interface Comparison {
  readonly isApproved: boolean;
  /** Whether anything of this server was ever approved or seen. */
  readonly hasApproval: boolean;
  /** An agent added it. */
  readonly isHeld: boolean;
  readonly now: RunnableEntry;
  /** Missing: nothing was approved or seen, or an older Ringmaster kept only its digest. */
  readonly before: RunnableEntry | undefined;
}

/** What was approved of every server. */
export interface ApprovalBook {
  /** A person approved what the entry of this server says now. */
  approve(server: string): void;
  /** Trusts no first sight of this server; nothing changes where one was approved or seen. The result takes it back. */
  hold(server: string): () => void;
  /** Undefined for a server that runs nothing on this machine. */
  compare(server: string): Comparison | undefined;
}

/** The entry as it is asked about; undefined when it runs nothing here. `digest` makes values unreadable. */
export function runnableOf(
  spec: ServerSpec,
  digest: (value: string) => string,
): RunnableEntry | undefined {
  const { command, args, cwd, env, envFile, health, user, group } = spec;
  if (command === undefined) return undefined;
  const values = Object.entries(env).map(([name, value]) => [name, digest(String(value))]);
  const account = [user, group].filter((one) => one !== undefined).join(':');
  return {
    ...{ command, args: [...args], environment: Object.fromEntries(values) },
    ...(cwd === undefined ? {} : { cwd }),
    ...(envFile === undefined ? {} : { envFile: String(envFile) }),
    ...(health.exec === undefined ? {} : { check: [...health.exec] }),
    ...(account === '' ? {} : { account }),
  };
}

/** Names of the fields that differ, `env.NAME` for a variable; none when nothing is known of before. */
export function changedFields({ now, before }: Pick<Comparison, 'now' | 'before'>): string[] {
  if (before === undefined) return [];
  const { environment: nowEnv, ...nowRest } = now;
  const { environment: oldEnv, ...oldRest } = before;
  const differ = (one: object, other: object): string[] => {
    const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
      (name) => JSON.stringify(left[name]) !== JSON.stringify(right[name]),
    );
  };
  return [...differ(nowRest, oldRest), ...differ(nowEnv, oldEnv).map((name) => `env.${name}`)];
}
