import { type Declared, fieldTable } from './field-table.ts';

/** The reference page of every kind of event in the journal. */
export function eventsPage(kinds: Readonly<Record<string, Declared>>): string {
  const sections = Object.entries(kinds).map(([kind, declared]) =>
    [`## ${kind}`, fieldTable(declared, 'output') ?? 'No fields of its own.'].join('\n\n'),
  );
  return [
    '# Events',
    'Generated from `packages/ringmaster/src/journal/events.ts`; edit that, not this page.',
    'Facts that happened, in order, never changed. Every event has `seq`, `atMs` (milliseconds since 1970), `kind` and `subject` (a server, `fleet` or `daemon`), and the fields of its kind. Read them with `ringmaster events`.',
    ...sections,
  ]
    .join('\n\n')
    .concat('\n');
}
