import { Problem } from '../../../errors.ts';
import type { DaemonClient } from '../client.ts';
import { type EventRow, eventLine } from '../event-line.ts';
import { type ExitCode, type Invocation, isGiven, textOption, wholeNumber } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { interruption, pause } from '../wait.ts';

const countDefault = 50;
/** Most events the daemon gives in one answer. */
const countMax = 1_000;
const followEveryMs = 300;
/** Pages read in one look; a burst beyond them loses its oldest events here, not in the journal. */
const pagesMax = 20;

interface Query {
  readonly subject: string | undefined;
  readonly kind: string | undefined;
}

/** `ringmaster events [SERVER] [--follow]`: the newest events of the journal, oldest of them first. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const text = textOption(invocation, 'lines') ?? String(countDefault);
  const limit = wholeNumber({ flag: '--lines', text }, { min: 1, max: countMax }, terminal);
  const query = { subject: words[0], kind: textOption(invocation, 'kind') };
  const print = (event: EventRow) => {
    if (terminal.json) terminal.resultJsonLine(event);
    else terminal.result(eventLine(event));
  };
  const client = await reachDaemon(flags, terminal);
  const { events } = await client.ask('event.list', { ...query, limit });
  const shown = events.reverse();
  const follows = isGiven(invocation, 'follow');
  // What goes on cannot be one document; what ends is one, as with every other command.
  if (terminal.json && !follows) terminal.resultJson({ events: shown });
  else for (const event of shown) print(event);
  if (follows) await follow(invocation, client, { query, shown, print });
  return 0;
}

async function follow(
  { flags, terminal }: Invocation,
  first: DaemonClient,
  how: {
    readonly query: Query;
    readonly shown: readonly EventRow[];
    readonly print: (event: EventRow) => void;
  },
): Promise<void> {
  const stop = interruption();
  let last = how.shown.at(-1) ?? { seq: 0, atMs: terminal.nowMs() };
  let client: DaemonClient | undefined = first;
  for (;;) {
    await pause(followEveryMs, stop);
    if (stop.aborted) return;
    try {
      const back = client === undefined;
      client ??= await reachDaemon(flags, terminal);
      for (const event of await newerThan(last, client, how.query)) {
        how.print(event);
        last = event;
      }
      if (back) terminal.note(terminal.say('logs.back'));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'daemon_unreachable') throw error;
      if (client !== undefined) terminal.note(terminal.say('logs.away'));
      client = undefined;
    }
  }
}

/** Oldest first. Events of the same millisecond come again with `sinceMs`, so the order number decides. */
async function newerThan(
  last: { readonly seq: number; readonly atMs: number },
  client: DaemonClient,
  query: Query,
): Promise<readonly EventRow[]> {
  const newest: EventRow[] = [];
  let beforeSeq: number | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const asked = { ...query, sinceMs: last.atMs, limit: countMax, beforeSeq };
    const { events } = await client.ask('event.list', asked);
    newest.push(...events.filter((event) => event.seq > last.seq));
    const oldest = events.at(-1);
    if (events.length < countMax || oldest === undefined || oldest.seq <= last.seq) break;
    beforeSeq = oldest.seq;
  }
  return newest.reverse();
}
