import { Problem } from '../../errors.ts';
import { type LogQuery, parsePlace } from '../../supervisor/log-query.ts';
import type { Handlers } from '../index.ts';
import { mergeEntries } from '../log-merge.ts';
import type { HandlerNeeds } from './needs.ts';
import type { ServerTable } from './server-table.ts';

type LogHandlers = Pick<Handlers, 'log.read' | 'log.search' | 'log.summary'>;

/** Handlers of the noun `log`. */
export function createLogHandlers({ supervisor }: HandlerNeeds, table: ServerTable): LogHandlers {
  function namesOf(asked: readonly string[] | undefined): string[] {
    if (asked !== undefined && !asked.includes('all')) {
      table.check(asked);
      return [...new Set(asked)];
    }
    return [...new Set(supervisor.views().map(({ server }) => server))];
  }

  return {
    async 'log.read'({ server, lines, cursor }) {
      table.check([server]);
      const query = cursor === undefined ? { lines } : { lines, cursor };
      const page = await supervisor.readLog(server, query);
      return { ...page, lines: [...page.lines] };
    },
    async 'log.search'({ servers, order, limit, cursor, ...query }) {
      const names = namesOf(servers);
      checkCursor(cursor, names);
      const listing = { order, limit, ...(cursor === undefined ? {} : { cursor }) };
      const wanted = without(query);
      const found = await Promise.all(
        names.map((name) => supervisor.searchLog(name, wanted, listing)),
      );
      const entries = mergeEntries(
        found.map((one) => one.entries),
        { order, limit },
      );
      const total = found.reduce((sum, one) => sum + one.entries.length, 0);
      return {
        entries,
        cursor: names.length === 1 ? found[0]?.cursor : undefined,
        isComplete: entries.length === total && found.every((one) => one.isComplete),
        lostBytes: found.reduce((sum, one) => sum + one.lostBytes, 0),
      };
    },
    async 'log.summary'({ servers, ...period }) {
      const rows = namesOf(servers).map(async (server) => {
        const summary = await supervisor.summarizeLog(server, without(period));
        return { server, ...summary, topErrors: [...summary.topErrors] };
      });
      return { servers: await Promise.all(rows) };
    },
  };
}

/** A query without the fields that were not given. */
function without(given: { readonly [Key in keyof LogQuery]: LogQuery[Key] | undefined }): LogQuery {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function checkCursor(cursor: string | undefined, names: readonly string[]): void {
  if (cursor === undefined) return;
  if (names.length !== 1)
    throw new Problem(
      'bad_request',
      `Cannot read on in ${names.length} logs: a cursor is for one server`,
    );
  if (parsePlace(cursor) === undefined)
    throw new Problem('bad_request', `Cannot read on: found cursor ${JSON.stringify(cursor)}`);
}
