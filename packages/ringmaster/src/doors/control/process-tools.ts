import { z } from 'zod';
import { Problem } from '../../errors.ts';
import { diagnosisOperations } from '../../operations/diagnosis.ts';
import { applied } from '../../operations/fleet.ts';
import { type ServerView, serverOperations, serverView } from '../../operations/servers.ts';
import { refuseRights } from './rights.ts';
import { type Ask, type ControlTool, type Told, tool } from './tool.ts';

const name = z.string().describe('Name of the process, as list_processes tells it');
const format = z
  .enum(['concise', 'detailed'])
  .default('concise')
  .describe('concise: state and reason; detailed: every figure');

const row = z
  .looseObject({ name: z.string(), state: serverView.shape.state, why: z.string() })
  .describe('detailed: with everything server.get tells');
const processes = z.object({
  total: z.int().describe('Processes that fit, shown or not'),
  processes: z.array(row),
});

/** Processes in one answer; a fleet that is larger is filtered by state. */
const rowsMax = 200;

const changeDescriptions = {
  start: 'Starts a process and keeps it running. Answers when it is ready, or known not to get so.',
  stop: 'Stops a process and keeps it stopped until it is started, also after a restart of the daemon.',
  restart: 'Stops a process and starts it again; calls under way are lost. Prefer reload_process.',
  reload: 'Starts new instances beside the old, then stops the old: no call is dropped.',
} as const;

/** Tools to look at processes, and to start, stop, add, remove and repair them. */
export const processTools: readonly ControlTool[] = [
  tool({
    name: 'list_processes',
    title: 'List processes',
    description:
      'Lists every process (MCP server or service) with its state and why. Begin here. The ones that need help: state failed, waiting or sick.',
    operation: 'server.list',
    input: z.object({
      state: serverView.shape.state.optional().describe('Only those in this state'),
      response_format: format,
    }),
    output: processes,
    async run(ask, { state, response_format }) {
      const { servers } = await ask('server.list', {});
      const fitting = servers.filter((one) => state === undefined || one.state === state);
      return tellRows(fitting, response_format);
    },
  }),
  tool({
    name: 'get_process_status',
    title: 'Process status',
    description:
      'Shows one process: state, reason, restarts, last death, figures. To learn why it fails, diagnose tells more for less.',
    operation: 'server.get',
    input: z.object({ name, response_format: format }),
    output: processes,
    async run(ask, { name: server, response_format }) {
      return tellRows([await ask('server.get', { server })], response_format);
    },
  }),
  tool({
    name: 'diagnose',
    title: 'Diagnose a process',
    description:
      'Tells the probable cause of what is amiss with a process, the evidence, its entry, and what to do. Use it before reading logs.',
    operation: 'server.diagnose',
    input: z.object({
      name,
      language: z.enum(['en', 'ja']).default('en').describe('Of its sentences'),
    }),
    output: diagnosisOperations['server.diagnose'].output,
    async run(ask, { name: server, language }) {
      const found = await ask('server.diagnose', { server, language });
      const { command, args, cwd, env, url } = found.config;
      const lines = [
        `${server} ${found.state}: ${found.told} (${found.cause}, ${found.certainty})`,
        ...found.evidence.map((line) => `evidence: ${line}`),
        ...found.deaths.slice(0, 1).map(({ exit }) => `last death: ${exit}`),
        url === undefined
          ? `entry: ${[command, ...args].join(' ')}${cwd === undefined ? '' : ` (cwd ${cwd})`}`
          : `entry: ${url}`,
        ...(env.length === 0 ? [] : [`env: ${env.join(', ')}`]),
        `daemon: ${found.done}`,
        ...found.next.map((line) => `next: ${line}`),
      ];
      return { structured: found, text: lines.join('\n') };
    },
  }),
  ...(['start', 'stop', 'restart', 'reload'] as const).map((verb) =>
    tool({
      name: `${verb}_process`,
      title: `${verb[0]?.toUpperCase()}${verb.slice(1)} a process`,
      description: changeDescriptions[verb],
      operation: `server.${verb}`,
      input: z.object({ name: name.describe('Name of the process, or "all"') }),
      output: processes,
      async run(ask, { name: server }) {
        const { servers } = await ask(`server.${verb}`, { servers: [server] });
        return tellRows(servers, 'concise');
      },
    }),
  ),
  tool({
    name: 'scale_process',
    title: 'Scale a process',
    description: 'Fixes how many instances of a process run, or leaves it to its pool again.',
    operation: 'server.scale',
    input: z.object({
      name,
      num_processes: z.union([z.int().min(1).max(64), z.literal('auto')]),
    }),
    output: processes,
    async run(ask, { name: server, num_processes: count }) {
      const { servers } = await ask('server.scale', { server, count });
      return tellRows(servers, 'concise');
    },
  }),
  tool({
    name: 'add_process',
    title: 'Add a process',
    description:
      'Adds a process to the fleet file and starts it. To change one that is there: edit_process. Write secrets as ${NAME}, never as values.',
    operation: 'server.add',
    input: z.object({
      name: z.string().describe('New name'),
      command: z
        .string()
        .optional()
        .describe('Program; without args, words after it become its arguments'),
      args: z.array(z.string()).optional(),
      working_dir: z.string().optional(),
      env: z.record(z.string(), z.string()).optional(),
      url: z.string().optional().describe('Of a remote MCP server, instead of command'),
      kind: z.enum(['service']).optional().describe('service: a plain service, not an MCP server'),
      num_processes: z.int().min(1).max(64).default(1),
    }),
    output: applied,
    run: addProcess,
  }),
  tool({
    name: 'edit_process',
    title: 'Change the entry of a process',
    description:
      'Changes settings of one process in the fleet file, checks the whole, and applies it; a change of command, args, cwd or env restarts it. The way to repair a wrong entry: give only what is to change. Write secrets as ${NAME}, never as values. Where the fleet wants commands approved, a person approves the new one.',
    operation: 'server.edit',
    input: z.object({
      name,
      patch: z
        .record(z.string(), z.unknown())
        .describe(
          'Settings as in the fleet file. Sections are merged, null takes a setting out, lists replace. Such as {"args": ["server.js"], "env": {"TOKEN": "${TOKEN}"}, "resources": {"memoryBytes": 500000000}}',
        ),
      dry_run: z.boolean().default(false).describe('Only tell what would change'),
    }),
    output: serverOperations['server.edit'].output,
    run: editProcess,
  }),
  tool({
    name: 'remove_process',
    title: 'Remove a process',
    description:
      'Stops a process and takes it out of the fleet file. Is confirmed by a person, or by calling again with the plan_id of the first answer.',
    operation: 'server.remove',
    input: z.object({ name }),
    output: applied,
    async run(ask, { name: server }) {
      return tellActions(await ask('server.remove', { servers: [server] }));
    },
  }),
];

function tellRows(rows: readonly ServerView[], how: 'concise' | 'detailed'): Told {
  const shown = rows.slice(0, rowsMax);
  const lines = shown.map((one) => `${one.server} ${one.state}: ${one.why}`);
  if (rows.length > shown.length)
    lines.push(`${rows.length - shown.length} more; ask for one state at a time`);
  const list = shown.map(({ server, ...rest }) =>
    how === 'detailed'
      ? { name: server, ...rest }
      : { name: server, state: rest.state, why: rest.why },
  );
  const structured = { total: rows.length, processes: list };
  const text = how === 'detailed' ? JSON.stringify(structured) : lines.join('\n');
  return { structured, text: text === '' ? 'none' : text };
}

function tellActions(done: z.output<typeof applied>): Told {
  const lines = done.actions.map(({ action, server, why }) => `${action} ${server}: ${why}`);
  return { structured: done, text: lines.join('\n') || 'nothing to do' };
}

async function addProcess(
  ask: Ask,
  given: {
    name: string;
    command?: string | undefined;
    args?: string[] | undefined;
    working_dir?: string | undefined;
    env?: Record<string, string> | undefined;
    url?: string | undefined;
    kind?: 'service' | undefined;
    num_processes: number;
  },
): Promise<Told> {
  const { num_processes: count, working_dir: cwd, env, url, kind } = given;
  const entry = {
    ...commandOf(given.command, given.args),
    ...without({ cwd, env, url, kind }),
    ...(count === 1 ? {} : { pool: { min: count, max: count } }),
  };
  return tellActions(await ask('server.add', { server: given.name, entry, held: true }));
}

async function editProcess(
  ask: Ask,
  given: { name: string; patch: Record<string, unknown>; dry_run: boolean },
): Promise<Told> {
  const { name: server, patch, dry_run: dryRun } = given;
  refuseRights(server, patch);
  const done = await ask('server.edit', { server, patch, dryRun });
  const lines = done.changes.map(
    ({ setting, before, after }) => `${setting}: ${before ?? '-'} -> ${after ?? '-'}`,
  );
  const actions = done.actions.map(
    ({ action, server: other, why }) => `${action} ${other}: ${why}`,
  );
  const end = dryRun ? ['not done: dry_run'] : [];
  const text = [...lines, ...actions, ...end].join('\n');
  return { structured: done, text: lines.length === 0 ? 'it has these settings already' : text };
}

/** `python app.py` without args is a program and its argument; quotes are nobody's to guess. */
function commandOf(command: string | undefined, args: readonly string[] | undefined): object {
  if (command === undefined) return {};
  if (args !== undefined) return { command, args };
  if (/["'\\]/.test(command))
    throw new Problem(
      'bad_request',
      `Cannot add the process: found quotes in command ${JSON.stringify(command)}, needed the program in command and the rest in args`,
    );
  const [program = '', ...words] = command.trim().split(/\s+/);
  return { command: program, args: words };
}

function without(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
