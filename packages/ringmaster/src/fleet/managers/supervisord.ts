import { parseSizeBytes } from '../units.ts';
import { escapeLiteral } from '../variables.ts';
import { plainCommand, splitWords } from './command-words.ts';
import { faultNotes, type IniSection, parseIni } from './ini.ts';
import {
  accountFields,
  cwdFields,
  type Draft,
  durationText,
  graceFields,
  importOf,
  isYes,
  type Manager,
  type ManagerPlace,
  numberOf,
  poolFields,
  serviceOf,
} from './manager.ts';

/** supervisord: an INI file with a section `[program:NAME]` for each process. Keys as of Supervisor 4.2. */
export const supervisord: Manager = {
  name: 'supervisord',
  title: 'supervisord',
  format: 'text',
  read(content, place) {
    const file = parseIni(String(content), ';#');
    const notes = faultNotes(file);
    const drafts: Draft[] = [];
    const shared = file.sections.find(({ name }) => name === 'supervisord');
    const all = {
      env: listedEnv(shared?.values.get('environment')?.value ?? ''),
      directory: shared?.values.get('directory')?.value,
    };
    for (const section of file.sections) {
      const [, kind, name] = /^([\w-]+):(.+)$/.exec(section.name) ?? [];
      if (kind === 'program' && name !== undefined) {
        drafts.push(...readProgram(name, { section, place, all }));
      } else if (kind === 'group') {
        const programs = section.values.get('programs')?.value ?? '';
        notes.push(`[${section.name}] is left out: make it a profile with ${programs}`);
      } else if (kind === 'eventlistener' || kind === 'fcgi-program') {
        notes.push(`[${section.name}] is left out: Ringmaster has no ${kind}s`);
      }
    }
    return importOf(drafts, notes);
  },
  includes(content, { sourceDir }) {
    const own = parseIni(content, ';#').sections.find(({ name }) => name === 'include');
    const patterns = splitWords(own?.values.get('files')?.value ?? '') ?? [];
    return patterns.map((pattern) => pattern.replaceAll('%(here)s', sourceDir));
  },
  inItsPlace: (content, folder) => content.replaceAll('%(here)s', folder),
};

/** Keys of a program that are turned into something, or that need no word. */
const understood: ReadonlySet<string> = new Set(
  'command process_name numprocs numprocs_start directory environment autostart autorestart startsecs startretries stopwaitsecs stopsignal priority redirect_stderr stdout_logfile stderr_logfile stdout_logfile_maxbytes stdout_logfile_backups stderr_logfile_maxbytes stderr_logfile_backups exitcodes stopasgroup killasgroup serverurl user'.split(
    ' ',
  ),
);

/** What to do instead of some keys that have no counterpart. */
const remarks: Readonly<Record<string, string>> = {
  umask: 'the service gets the umask of the daemon',
};

interface Program {
  readonly section: IniSection;
  readonly place: ManagerPlace;
  /** What `[supervisord]` says for all. */
  readonly all: {
    readonly env: readonly (readonly [string, string])[];
    readonly directory: string | undefined;
  };
}

/** What makes the processes of one program differ: a service for each of them then, for as many as a fleet may hold. */
const numbered = /%\(process_num\)/;
const numberedMax = 64;

/** A program as a service, or, where its number is in what it runs, as one for each of its processes. */
function readProgram(name: string, about: Program): Draft[] {
  const text = (key: string) => about.section.values.get(key)?.value ?? '';
  const count = numberOf(text('numprocs')) ?? 1;
  const first = numberOf(text('numprocs_start')) ?? 0;
  const differ = ['command', 'environment', 'directory'].some((key) => numbered.test(text(key)));
  if (count < 2 || !differ) return [readProcess(name, about, { number: first, count })];
  return Array.from({ length: Math.min(numberedMax, count) }, (_, at) => {
    const draft = readProcess(`${name}-${first + at}`, about, { number: first + at, count: 1 });
    const isCut = at === 0 && count > numberedMax;
    const cut = isCut ? [`runs ${numberedMax} processes instead of ${count}`] : [];
    // What is said of one is true of all.
    return { ...draft, notes: at === 0 ? [...draft.notes, ...cut] : [] };
  });
}

function readProcess(
  name: string,
  { section, place, all }: Program,
  { number: own, count }: { readonly number: number; readonly count: number },
): Draft {
  const notes: string[] = [];
  const text = (key: string) => section.values.get(key)?.value;
  const number = (key: string) => numberOf(text(key));
  const programName = section.name.replace(/^program:/, '');
  const known = { here: place.sourceDir, name: programName, number: own };
  const fill = (written: string) => fillExpressions(written, known, notes);
  const command = plainCommand(text('command') ?? '');
  notes.push(...command.notes);
  const program = fill(command.fields.command ?? '');
  if (program === '') notes.push('has no command: fill it in before you enable it');
  const isOff = isYes(text('autostart')) === false;
  if (isOff) notes.push('autostart is off, so it is not enabled');
  const isEnabled = !isOff && program !== '' && command.fields.enabled !== false;
  const env = new Map([...all.env, ...listedEnv(text('environment') ?? '')]);
  const directory = text('directory') ?? all.directory;
  for (const key of section.values.keys()) noteOn(key, text(key) ?? '', notes);
  return {
    originalName: name,
    rank: number('priority') ?? 999,
    notes,
    entry: serviceOf({
      command: program === '' ? 'true' : program,
      args: (command.fields.args ?? []).map((word) => fill(String(word))),
      ...cwdFields(directory === undefined ? undefined : fill(escapeLiteral(directory)), place),
      env: Object.fromEntries([...env].map(([key, value]) => [key, fill(escapeLiteral(value))])),
      restart: restartOf(text),
      ...graceFields(number('stopwaitsecs'), notes),
      ...logFields(section),
      ...poolFields(count, notes),
      ...accountFields({ user: text('user') }, notes),
      ...(isEnabled ? {} : { enabled: false }),
    }),
  };
}

function restartOf(text: (key: string) => string | undefined) {
  const wanted = text('autorestart')?.trim().toLowerCase() ?? 'unexpected';
  const policy =
    isYes(wanted) === true ? undefined : isYes(wanted) === false ? 'never' : 'on-failure';
  const retries = numberOf(text('startretries'));
  const startSeconds = numberOf(text('startsecs'));
  return {
    ...(policy === undefined ? {} : { policy: policy as 'never' | 'on-failure' }),
    ...(retries === undefined || policy === 'never'
      ? {}
      : { failAfter: Math.max(1, Math.min(1_000, Math.round(retries))) }),
    ...(startSeconds === undefined || policy === 'never'
      ? {}
      : { stableMs: durationText(Math.round(startSeconds * 1_000)) }),
  };
}

function noteOn(key: string, value: string, notes: string[]): void {
  const isOutput = /^std(out|err)_(logfile|syslog)$/.test(key);
  if (key === 'stopsignal' && !/^(SIG)?TERM$|^15$/i.test(value)) {
    notes.push(`stopsignal ${value} is left out: services are stopped with SIGTERM`);
  } else if (key === 'exitcodes' && value.trim() !== '0') {
    notes.push(`exitcodes ${value} is left out: only 0 counts as an expected end`);
  } else if (isOutput && !/^(auto|none|)$/i.test(value) && isYes(value) !== false) {
    notes.push(`${key} is left out: what it writes is kept by Ringmaster (ringmaster logs)`);
  } else if (!understood.has(key) && !isOutput && isYes(value) !== false) {
    const remark = Object.hasOwn(remarks, key) ? remarks[key] : undefined;
    notes.push(`${key} is left out${remark === undefined ? '' : `: ${remark}`}`);
  }
}

/** `50MB` as Supervisor counts: in powers of two. */
function sizeOf(text: string | undefined): number | undefined {
  const binary = text?.replace(/^\s*(\d+)\s*([KMG])B?\s*$/i, '$1$2iB') ?? '';
  return numberOf(binary) ?? parseSizeBytes(binary);
}

function logFields(section: IniSection) {
  const of = (key: string) =>
    section.values.get(`stdout_logfile_${key}`)?.value ??
    section.values.get(`stderr_logfile_${key}`)?.value;
  const maxSizeBytes = sizeOf(of('maxbytes'));
  const keep = numberOf(of('backups'));
  return {
    logs: {
      ...(maxSizeBytes !== undefined && maxSizeBytes >= 1_024 ? { maxSizeBytes } : {}),
      ...(keep !== undefined && keep >= 0 ? { keep: Math.min(1_000, keep) } : {}),
    },
  };
}

/** `A="1",B='two',C=3`: values may be quoted, and a quoted one may hold commas. */
function listedEnv(text: string): [string, string][] {
  const pairs = text.matchAll(
    /([A-Za-z_]\w*)\s*=\s*(?:"((?:\\[\s\S]|[^"\\])*)"|'((?:\\[\s\S]|[^'\\])*)'|([^,\n]*))/g,
  );
  return [...pairs].map(([, name, double, single, bare]): [string, string] => [
    name ?? '',
    (double ?? single)?.replaceAll(/\\([\s\S])/g, '$1') ?? bare?.trim() ?? '',
  ]);
}

/** Replaces `%(here)s` and its like by what they stand for; `%%` is one `%`. */
function fillExpressions(
  text: string,
  known: { readonly here: string; readonly name: string; readonly number: number },
  notes: string[],
): string {
  return text.replace(
    /%%|%\((\w+)\)(0?)(\d*)([sd])/g,
    (whole, name?: string, zero?: string, width?: string) => {
      if (name === undefined) return '%';
      const variable = /^ENV_(.+)$/.exec(name)?.[1];
      if (variable !== undefined) return `\${${variable}}`;
      switch (name) {
        case 'here':
          return known.here;
        case 'program_name':
        case 'group_name':
          return known.name;
        case 'process_num':
          return String(known.number).padStart(Number(width || 0), zero === '0' ? '0' : ' ');
        default:
          notes.push(`${whole} has no counterpart and stays as it is`);
          return whole;
      }
    },
  );
}
