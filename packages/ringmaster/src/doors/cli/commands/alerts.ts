import { userInfo } from 'node:os';
import { figure, severityWords } from '../../../alerting/sentences.ts';
import { Problem } from '../../../errors.ts';
import { parseDurationMs } from '../../../fleet/units.ts';
import { sayWhy } from '../../../japanese/say-why.ts';
import type { AlertRow } from '../../../operations/alerts.ts';
import type { AskedOf, OutputOf } from '../../../operations/index.ts';
import type { DaemonClient } from '../client.ts';
import { eventLine } from '../event-line.ts';
import { formatDuration, formatTime, localOffsetMinutes, printable } from '../format.ts';
import { type ExitCode, type Invocation, isGiven, textOption } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** A test may wait ten seconds for a receiver that does not answer. */
const testTimeoutMs = 20_000;

/**
 * `ringmaster alerts [ack KEY | unack KEY | history | silence [SERVER] | unsilence ID | test [NOTIFIER] | rules]`: without words what is
 * open; exits 1 while something worse than `info` is open and nobody took it.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const [verb = 'list', name] = words;
  const client = await reachDaemon(flags, terminal);
  switch (verb) {
    case 'list':
      return list(invocation, client);
    case 'ack':
      if (name !== undefined) return acknowledge(invocation, client, name);
      break;
    case 'unack':
      if (name !== undefined) return unacknowledge(invocation, client, name);
      break;
    case 'history':
      return past(invocation, client, name);
    case 'silence':
      return silence(invocation, client, name);
    case 'unsilence':
      if (name !== undefined) return unsilence(invocation, client, name);
      break;
    case 'test':
      return test(invocation, client, name);
    case 'rules':
      return rules(invocation, client);
  }
  throw new Problem('bad_usage', terminal.say('alerts.usage'));
}

async function list(invocation: Invocation, client: DaemonClient): Promise<ExitCode> {
  const { terminal } = invocation;
  const history = isGiven(invocation, 'history');
  const told = await client.ask('alert.list', { history });
  if (terminal.json) terminal.resultJson(told);
  else if (history) for (const event of told.history.reverse()) terminal.result(eventLine(event));
  else showOpen(told, terminal);
  const isBad = ({ severity, acknowledged }: AlertRow) =>
    severity !== 'info' && acknowledged === undefined;
  return told.alerts.some(isBad) ? 1 : 0;
}

function showOpen(told: OutputOf<'alert.list'>, terminal: Terminal): void {
  const { alerts, pending, silences } = told;
  const { say, language } = terminal;
  if (alerts.length + pending.length === 0) terminal.result(say('alerts.none'));
  else
    terminal.result(
      renderTable(
        [
          { heading: say('column.severity') },
          { heading: say('column.alert') },
          { heading: say('column.since') },
          { heading: say('column.state') },
          { heading: say('column.found') },
        ],
        [
          ...alerts.map((alert) => [
            ...[say(`severity.${alert.severity}`), alert.key, time(alert.firedAtMs)],
            ...[stateOf(alert, terminal), printable(alert.sentence[language])],
          ]),
          ...pending.map(({ severity, key, sinceMs, sentence }) => [
            ...[say(`severity.${severity}`), key, time(sinceMs)],
            ...[say('alerts.pending'), printable(sentence[language])],
          ]),
        ],
        terminal.widthColumns,
      ),
    );
  for (const { id, rule = '*', subject = '*', untilMs, by, note } of silences) {
    const values = { id, what: `${rule}/${subject}`, until: time(untilMs), by: printable(by) };
    terminal.result(say('alerts.silence', { ...values, note: printable(note) }));
  }
}

function stateOf(alert: AlertRow, { say }: Terminal): string {
  if (alert.acknowledged !== undefined)
    return say('alerts.acknowledged', { by: printable(alert.acknowledged.by) });
  if (alert.isSilenced) return say('alerts.silenced');
  return say(`alerts.${alert.state}`);
}

async function acknowledge(
  invocation: Invocation,
  client: DaemonClient,
  key: string,
): Promise<ExitCode> {
  const { terminal } = invocation;
  const alert = await client.ask('alert.acknowledge', { key, ...record(invocation) });
  if (terminal.json) terminal.resultJson(alert);
  else terminal.note(terminal.say('alerts.taken', { key }));
  return 0;
}

async function unacknowledge(
  { terminal }: Invocation,
  client: DaemonClient,
  key: string,
): Promise<ExitCode> {
  const alert = await client.ask('alert.unacknowledge', { key, by: userInfo().username });
  if (terminal.json) terminal.resultJson(alert);
  else terminal.note(terminal.say('alerts.givenBack', { key }));
  return 0;
}

/** How often each rule fired, over seven days or the duration given. */
async function past(
  { terminal }: Invocation,
  client: DaemonClient,
  text: string | undefined,
): Promise<ExitCode> {
  const { say, language } = terminal;
  if (text !== undefined && parseDurationMs(text) === undefined)
    throw new Problem('bad_usage', say('alerts.badRange', { text }));
  const told = await client.ask('alert.history', text === undefined ? {} : { rangeMs: text });
  if (terminal.json) terminal.resultJson(told);
  else if (told.rows.length === 0) terminal.result(say('alerts.quietPast'));
  else
    terminal.result(
      renderTable(
        [
          { heading: say('column.server') },
          { heading: say('column.rule') },
          { heading: say('column.fired'), align: 'right' },
          { heading: say('column.inAll'), align: 'right' },
          { heading: say('column.takenIn'), align: 'right' },
        ],
        told.rows.map(({ subject, rule, fired, totalMs, takenMs }) => [
          ...[subject, rule, String(fired), formatDuration(totalMs, language)],
          takenMs === undefined ? '-' : formatDuration(takenMs, language),
        ]),
        terminal.widthColumns,
      ),
    );
  return 0;
}

async function silence(
  invocation: Invocation,
  client: DaemonClient,
  subject: string | undefined,
): Promise<ExitCode> {
  const { terminal } = invocation;
  const text = textOption(invocation, 'for');
  if (text !== undefined && parseDurationMs(text) === undefined)
    throw new Problem('bad_usage', terminal.say('alerts.badDuration', { text }));
  const rule = textOption(invocation, 'rule') as AskedOf<'alert.silence'>['rule'];
  const asked = { rule, subject, ...(text === undefined ? {} : { forMs: text }) };
  const made = await client.ask('alert.silence', { ...asked, ...record(invocation) });
  if (terminal.json) terminal.resultJson(made);
  else terminal.note(terminal.say('alerts.quieted', { id: made.id, until: time(made.untilMs) }));
  return 0;
}

async function unsilence(
  { terminal }: Invocation,
  client: DaemonClient,
  id: string,
): Promise<ExitCode> {
  const left = await client.ask('alert.unsilence', { id });
  if (terminal.json) terminal.resultJson(left);
  else terminal.note(terminal.say('alerts.unquieted', { id }));
  return 0;
}

async function test(
  { terminal }: Invocation,
  client: DaemonClient,
  notifier: string | undefined,
): Promise<ExitCode> {
  const asked = notifier === undefined ? {} : { notifier };
  const told = await client.ask('alert.test', asked, { timeoutMs: testTimeoutMs });
  const { say } = terminal;
  if (terminal.json) terminal.resultJson(told);
  else if (told.deliveries.length === 0) terminal.note(say('alerts.noNotifiers'));
  else
    for (const { notifier: name, ok, why = '' } of told.deliveries)
      terminal.result(
        ok
          ? say('alerts.arrived', { name })
          : say('alerts.lost', { name, why: printable(sayWhy(why, terminal.language)) }),
      );
  return told.deliveries.every(({ ok }) => ok) ? 0 : 1;
}

async function rules({ terminal }: Invocation, client: DaemonClient): Promise<ExitCode> {
  const { say, language } = terminal;
  const told = await client.ask('alert.rules', {});
  if (terminal.json) {
    terminal.resultJson(told);
    return 0;
  }
  const levels = (row: (typeof told.rules)[number]) =>
    Object.entries(row.levels ?? {})
      .map(([severity, value]) => {
        const word = severityWords[severity as keyof typeof severityWords][language];
        return `${word} ${figure(row.rule, value)}`;
      })
      .join(', ');
  // What is only known when it fires has no words yet.
  const sentence = (row: (typeof told.rules)[number]) =>
    row.sentence[language].replace(/\{(\w+)\}/g, (_, name: string) =>
      name === 'subject' ? (row.subject ?? say('column.server')) : '…',
    );
  terminal.result(
    renderTable(
      [
        { heading: say('column.rule') },
        { heading: say('column.server') },
        { heading: say('column.levels') },
        { heading: say('column.found') },
      ],
      told.rules.map((row) => [
        row.rule,
        row.subject ?? '*',
        row.isOn ? levels(row) || '-' : say('schedule.off'),
        sentence(row),
      ]),
      terminal.widthColumns,
    ),
  );
  for (const { notifier, kind } of told.notifiers) terminal.result(`${notifier} (${kind})`);
  return 0;
}

/** Who does it, and why. */
function record(invocation: Invocation): { by: string; note: string } {
  return { by: userInfo().username, note: textOption(invocation, 'note') ?? '' };
}

function time(atMs: number): string {
  return formatTime(atMs, localOffsetMinutes(atMs));
}
