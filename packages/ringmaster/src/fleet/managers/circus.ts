import { parseSizeBytes } from '../units.ts';
import { escapeLiteral } from '../variables.ts';
import { plainCommand, shellCommand, splitWords } from './command-words.ts';
import { faultNotes, type IniSection, parseIni } from './ini.ts';
import {
  accountFields,
  cwdFields,
  type Draft,
  graceFields,
  importOf,
  isYes,
  type Manager,
  type ManagerPlace,
  numberOf,
  poolFields,
  resourceFields,
  serviceOf,
} from './manager.ts';

/** circus: an INI file with a section `[watcher:NAME]` for each process. Keys as of circus 0.19. */
export const circus: Manager = {
  name: 'circus',
  title: 'circus',
  format: 'text',
  read(content, place) {
    const file = parseIni(String(content), ';');
    const notes = faultNotes(file);
    const drafts: Draft[] = [];
    for (const section of file.sections) {
      const [, kind, name] = /^(\w+):(.+)$/.exec(section.name) ?? [];
      if (kind === 'watcher' && name !== undefined) {
        drafts.push(readWatcher(name, { section, place, env: envOf(name, file.sections) }));
      } else if (kind === 'socket' || kind === 'plugin') {
        notes.push(`[${section.name}] is left out: Ringmaster has no ${kind}s of circus`);
      } else if (section.name === 'circus') notes.push(...ownNotes(section));
    }
    return importOf(drafts, notes);
  },
  includes(content) {
    const own = parseIni(content, ';').sections.find(({ name }) => name === 'circus');
    const words = (key: string) => splitWords(own?.values.get(key)?.value ?? '') ?? [];
    return [...words('include'), ...words('include_dir').map((folder) => `${folder}/*.ini`)];
  },
};

/** Keys of a watcher that are turned into something, or that need no word. */
const understood: ReadonlySet<string> = new Set(
  'cmd args shell working_dir numprocesses singleton autostart respawn max_retry graceful_timeout priority stop_signal uid gid rlimit_nofile env send_hup stop_children close_child_stdin close_child_stdout close_child_stderr'.split(
    ' ',
  ),
);

/** What to do instead of some keys that have no counterpart. */
const remarks: Readonly<Record<string, string>> = {
  copy_env:
    'servers get PATH, HOME, language and proxies of the daemon; name other variables in env',
  copy_path: 'set PYTHONPATH in env if the program needs it',
  virtualenv: "name the environment's own python in command",
  warmup_delay: 'processes start without a pause between them',
  max_age: 'nothing is restarted because of its age',
  use_sockets: 'the program has to listen itself: set port',
};

interface Watcher {
  readonly section: IniSection;
  readonly place: ManagerPlace;
  /** What its `[env]` sections say. */
  readonly env: ReadonlyMap<string, string>;
}

function readWatcher(name: string, { section, place, env: shared }: Watcher): Draft {
  const notes: string[] = [];
  const text = (key: string) => section.values.get(key)?.value;
  const env = new Map([...shared, ...listedEnv(text('env'))]);
  const fill = (written: string) => fillVariables(written, env, notes);
  const cmd = text('cmd') ?? '';
  const isShell = isYes(text('shell')) === true;
  const line = [cmd, text('args') ?? ''].filter((part) => part !== '').join(' ');
  const command = isShell ? shellCommand(line, 'shell = true') : plainCommand(line);
  notes.push(...command.notes);
  const fields = {
    ...command.fields,
    command: fill(command.fields.command ?? ''),
    args: (command.fields.args ?? []).map((word) => fill(String(word))),
  };
  if (fields.command === '') notes.push('has no cmd: fill in command before you enable it');
  const count = numberOf(text('numprocesses'));
  if ((count ?? 1) > 1 && /circus\.w?id\b/i.test(line)) {
    notes.push('every process gets the worker id 1');
  }
  const isOff = isYes(text('autostart')) === false;
  if (isOff) notes.push('autostart is off, so it is not enabled');
  const needsSocket = /\$\(circus\.sockets\.|\(\(circus\.sockets\./i.test(line);
  if (needsSocket) notes.push('takes a socket of circus, which Ringmaster has not: not enabled');
  const priority = numberOf(text('priority')) ?? 0;
  for (const key of section.values.keys()) noteOn(key, text(key) ?? '', notes);
  const workingDir = text('working_dir');
  return {
    originalName: name,
    // circus starts the highest priority first.
    rank: -priority,
    notes,
    entry: serviceOf({
      ...fields,
      ...(fields.command === '' ? { command: 'true' } : {}),
      ...cwdFields(workingDir === undefined ? undefined : fill(workingDir), place),
      env: Object.fromEntries(
        [...env].map(([key, value]) => [key, expandDollars(fill(escapeLiteral(value)))]),
      ),
      ...graceFields(numberOf(text('graceful_timeout')), notes),
      ...(isYes(text('respawn')) === false ? { restart: { policy: 'never' as const } } : {}),
      ...restartFields(text('max_retry'), isYes(text('respawn')) !== false),
      ...logFields(section),
      ...poolFields(count, notes),
      ...accountFields({ user: text('uid'), group: text('gid') }, notes),
      ...resourceFields({ openFiles: numberOf(text('rlimit_nofile')) }),
      ...(isOff || needsSocket || fields.command === '' || fields.enabled === false
        ? { enabled: false }
        : {}),
    }),
  };
}

function noteOn(key: string, value: string, notes: string[]): void {
  if (key === 'stop_signal' && !/^(SIG)?TERM$|^15$/i.test(value)) {
    notes.push(`stop_signal ${value} is left out: services are stopped with SIGTERM`);
  } else if (/^std(out|err)_stream\.(class|filename)$/.test(key)) {
    if (key.endsWith('filename')) {
      notes.push(`${key} is left out: what it writes is kept by Ringmaster (ringmaster logs)`);
    }
  } else if (/^std(out|err)_stream/.test(key) || understood.has(key)) return;
  else {
    const remark = Object.hasOwn(remarks, key) ? remarks[key] : undefined;
    const isSaidOnly = isYes(value) === false;
    if (!isSaidOnly) notes.push(`${key} is left out${remark === undefined ? '' : `: ${remark}`}`);
  }
}

function restartFields(maxRetry: string | undefined, isRespawned: boolean) {
  const retries = numberOf(maxRetry);
  if (retries === undefined || retries < 1 || !isRespawned) return {};
  return { restart: { failAfter: Math.min(1_000, Math.round(retries)) } };
}

/** `max_bytes` and `backup_count` of either stream. */
function logFields(section: IniSection) {
  const of = (key: string) =>
    section.values.get(`stdout_stream.${key}`)?.value ??
    section.values.get(`stderr_stream.${key}`)?.value;
  const bytes = of('max_bytes');
  const maxSizeBytes = numberOf(bytes) ?? parseSizeBytes(bytes ?? '');
  const keep = numberOf(of('backup_count'));
  return {
    logs: {
      ...(maxSizeBytes !== undefined && maxSizeBytes >= 1_024 ? { maxSizeBytes } : {}),
      ...(keep !== undefined && keep >= 0 ? { keep: Math.min(1_000, keep) } : {}),
    },
  };
}

/** Variables for a watcher from `[env]` and `[env:PATTERN,…]`, later sections over earlier ones, names in capitals. */
function envOf(name: string, sections: readonly IniSection[]): ReadonlyMap<string, string> {
  const env = new Map<string, string>();
  for (const section of sections) {
    const patterns = /^env(?::(.*))?$/.exec(section.name);
    if (patterns === null) continue;
    const isMeant = (patterns[1] ?? '*').split(',').some((word) => fits(word.trim(), name));
    if (!isMeant) continue;
    for (const { key, value } of section.values.values()) env.set(key.toUpperCase(), value);
  }
  return env;
}

function fits(pattern: string, name: string): boolean {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source.replaceAll('?', '.')}$`, 'i').test(name);
}

/** `env = A=1,B=two` of a watcher. */
function listedEnv(text: string | undefined): [string, string][] {
  return (text ?? '').split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at > 0 ? [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]] : [];
  });
}

/** circus looks `$NAME` in the values of its variables up in its own environment; names in capitals only. */
function expandDollars(text: string): string {
  return text.replaceAll(/\$([A-Z][A-Z0-9_]*)/g, '${$1}');
}

/** Replaces `$(circus.…)` and `((circus.…))` by what they stand for here. */
function fillVariables(
  text: string,
  env: ReadonlyMap<string, string>,
  notes: string[],
  depth = 0,
): string {
  return text.replace(
    /\$\(circus\.([\w.]+)\)|\(\(circus\.([\w.]+)\)\)/gi,
    (whole, one?: string, other?: string) => {
      const name = one ?? other ?? '';
      const variable = /^env\.(.+)$/i.exec(name)?.[1];
      if (variable !== undefined) {
        const own = env.get(variable.toUpperCase()) ?? env.get(variable);
        const isKnown = own !== undefined && depth < 4 && !own.includes(whole);
        return isKnown
          ? fillVariables(escapeLiteral(own), env, notes, depth + 1)
          : `\${${variable.toUpperCase()}}`;
      }
      if (/^(wid|id)$/i.test(name)) return '1';
      notes.push(`${whole} has no counterpart and stays as it is`);
      return escapeLiteral(whole);
    },
  );
}

function ownNotes(section: IniSection): string[] {
  const hasConsole = isYes(section.values.get('httpd')?.value) === true;
  return hasConsole ? ['[circus] httpd is left out: see ringmaster status'] : [];
}
