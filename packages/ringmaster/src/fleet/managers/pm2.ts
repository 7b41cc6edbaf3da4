import { type Fields, fieldsOf } from '../clients/client.ts';
import { mapText, textFields } from '../clients/read-entry.ts';
import { parseDurationMs, parseSizeBytes } from '../units.ts';
import { escapeLiteral } from '../variables.ts';
import { plainCommand, splitWords } from './command-words.ts';
import {
  accountFields,
  cwdFields,
  type Draft,
  durationText,
  graceFields,
  importOf,
  type Manager,
  type ManagerPlace,
  numberOf,
  poolFields,
  resourceFields,
  serviceOf,
} from './manager.ts';

/** pm2: JSON with a list `apps`, such as `ecosystem.config.json`. Keys as of pm2 7. */
export const pm2: Manager = {
  name: 'pm2',
  title: 'pm2',
  format: 'json',
  read(content, place) {
    const notes: string[] = [];
    const drafts: Draft[] = [];
    for (const [index, raw] of appsOf(content).entries()) {
      const app = fieldsOf(raw);
      const script = textOf(app, 'script') ?? textOf(app, 'cmd');
      const name = textOf(app, 'name') ?? baseName(script ?? `app-${index + 1}`);
      if (script === undefined) notes.push(`${name} is left out: it has no script`);
      else drafts.push(readApp(name, { app, script, place }));
    }
    if (Object.hasOwn(fieldsOf(content), 'deploy')) notes.push('deploy is left out');
    return importOf(drafts, notes);
  },
};

/** The apps of a pm2 file: below `apps`, or a list on its own. */
export function appsOf(content: unknown): readonly unknown[] {
  if (Array.isArray(content)) return content;
  const { apps } = fieldsOf(content);
  if (Array.isArray(apps)) return apps;
  return typeof apps === 'object' && apps !== null ? [apps] : [];
}

/** What runs a script, by its ending; as pm2 chooses. */
const interpreters: Readonly<Record<string, string>> = {
  js: 'node',
  mjs: 'node',
  cjs: 'node',
  py: 'python3',
  sh: 'bash',
  rb: 'ruby',
  php: 'php',
  pl: 'perl',
  ts: 'bun',
  tsx: 'bun',
};

/** Keys of an app that are turned into something, or that need no word. */
const understood: ReadonlySet<string> = new Set(
  'name script cmd args interpreter exec_interpreter interpreter_args node_args interpreterArgs cwd env env_file instances exec_mode autorestart max_restarts min_uptime restart_delay exp_backoff_restart_delay kill_timeout listen_timeout log_date_format merge_logs combine_logs log_type time vizion automation pmx treekill uid gid user max_memory_restart source_map_support disable_source_map_support windowsHide'.split(
    ' ',
  ),
);

/** What to do instead of some keys that have no counterpart. */
const remarks: Readonly<Record<string, string>> = {
  watch: 'nothing is restarted when files change',
  cron_restart: 'make it a schedule with run: server.restart',
  namespace: 'make it a profile',
  wait_ready: 'name a probe in health to tell when it is ready',
};

function readApp(
  name: string,
  about: { readonly app: Fields; readonly script: string; readonly place: ManagerPlace },
): Draft {
  const { app, script, place } = about;
  const notes: string[] = [];
  const command = commandOf(app, script);
  notes.push(...command.notes);
  const exponentialMs = durationOf(app['exp_backoff_restart_delay']);
  const delayMs = durationOf(app['restart_delay']) ?? exponentialMs;
  const stableMs = durationOf(app['min_uptime']);
  const restarts = numberOf(app['max_restarts']);
  const isOnce = app['autorestart'] === false;
  const envFile = textOf(app, 'env_file');
  const killMs = durationOf(app['kill_timeout']);
  const env = textFields(app['env'], 'env', (note) => notes.push(note));
  for (const [key, value] of Object.entries(app)) noteOn(key, value, notes);
  return {
    originalName: name,
    rank: 0,
    notes,
    entry: serviceOf({
      ...command.fields,
      ...cwdFields(textOf(app, 'cwd'), place),
      env: mapText(env, escapeLiteral),
      ...(envFile === undefined ? {} : { envFile: escapeLiteral(envFile) }),
      restart: {
        ...(isOnce ? { policy: 'never' as const } : {}),
        ...(delayMs === undefined || delayMs < 1 ? {} : { baseDelayMs: durationText(delayMs) }),
        ...(delayMs === undefined || delayMs <= 30_000
          ? {}
          : { maxDelayMs: durationText(delayMs) }),
        ...(stableMs === undefined ? {} : { stableMs: durationText(stableMs) }),
        ...(restarts === undefined || restarts < 1 ? {} : { failAfter: Math.min(1_000, restarts) }),
      },
      ...poolFields(numberOf(app['instances']), notes),
      ...accountFields(
        { user: wordOf(app, 'uid') ?? wordOf(app, 'user'), group: wordOf(app, 'gid') },
        notes,
      ),
      ...resourceFields({ memoryBytes: memoryOf(app['max_memory_restart']) }),
      ...graceFields(killMs === undefined ? undefined : killMs / 1_000, notes),
    }),
  };
}

/** The program and its words: an interpreter is named where pm2 would choose one. */
function commandOf(app: Fields, script: string): ReturnType<typeof plainCommand> {
  const args = wordsOf(app['args']);
  // pm2 gives a script with spaces to a shell, if it is no file; its words are all that is needed of it.
  if (/\s/.test(script) && !/^\/.*\.[a-z]+$/i.test(script)) return plainCommand(script, args);
  const ending = /\.([a-z]+)$/i.exec(script)?.[1]?.toLowerCase() ?? '';
  const named = textOf(app, 'interpreter') ?? textOf(app, 'exec_interpreter');
  const chosen = named ?? (Object.hasOwn(interpreters, ending) ? interpreters[ending] : 'none');
  const options = wordsOf(app['interpreter_args'] ?? app['interpreterArgs'] ?? app['node_args']);
  const words =
    chosen === undefined || chosen === 'none'
      ? [script, ...args]
      : [chosen, ...options, script, ...args];
  const [command = '', ...rest] = words.map(escapeLiteral);
  // pm2 has nvm fetch that version.
  const isVersioned = /^node@/.test(command);
  const notes = isVersioned ? [`${command} is taken for node: see that PATH has this version`] : [];
  return { fields: { command: isVersioned ? 'node' : command, args: rest }, notes };
}

function noteOn(key: string, value: unknown, notes: string[]): void {
  const isPerCore = key === 'instances' && !((numberOf(value) ?? 0) >= 1);
  if (isPerCore) {
    notes.push(`instances ${value} is left out: set pool.min to the number of processes`);
  } else if (key === 'exec_mode' && /cluster/.test(String(value))) {
    notes.push(
      'exec_mode cluster is left out: processes share no port; give the service port: auto',
    );
  } else if (/_file$|^(output|error|log)$/.test(key) && key !== 'env_file') {
    notes.push(`${key} is left out: what it writes is kept by Ringmaster (ringmaster logs)`);
  } else if (key.startsWith('env_') && key !== 'env_file') {
    notes.push(`${key} is left out: only env is taken; use another fleet file for it`);
  } else if (!understood.has(key) && value !== false && value !== null) {
    const remark = Object.hasOwn(remarks, key) ? remarks[key] : undefined;
    notes.push(`${key} is left out${remark === undefined ? '' : `: ${remark}`}`);
  }
}

/** Milliseconds, or text with a unit. */
function durationOf(value: unknown): number | undefined {
  const milliseconds = numberOf(value) ?? parseDurationMs(String(value ?? ''));
  return milliseconds === undefined || milliseconds < 0 ? undefined : Math.round(milliseconds);
}

/** Bytes, or text such as `300M` as pm2 counts: in powers of two. */
function memoryOf(value: unknown): number | undefined {
  const binary = String(value ?? '').replace(/^\s*([\d.]+)\s*([KMG])B?\s*$/i, '$1$2iB');
  return numberOf(value) ?? parseSizeBytes(binary);
}

function wordOf(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  return typeof value === 'number' ? String(value) : textOf(fields, key);
}

function wordsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? (splitWords(value) ?? [value]) : [];
}

function textOf(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function baseName(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.[a-z]+$/i, '');
}
