import { row } from './field-table.ts';

interface ProblemRow {
  readonly family: string;
  readonly http: number;
  readonly exit: number;
  readonly rpc: number;
  readonly hint: string;
}

/** The reference page of the error catalogue. */
export function errorsPage(rows: Readonly<Record<string, ProblemRow>>): string {
  const table = Object.entries(rows).map(([code, problem]) =>
    row([
      `<a id="${code}"></a>\`${code}\``,
      problem.family,
      String(problem.http),
      String(problem.exit),
      String(problem.rpc),
      problem.hint,
    ]),
  );
  return [
    '# Errors',
    'Generated from `packages/ringmaster/src/problem-rows.ts` and `invalid-rows.ts`; edit those, not this page.',
    '`invalid` is a mistake in what was asked, `unavailable` a failure of the world, `bug` a fault of Ringmaster.',
    [
      row(['Code', 'Family', 'HTTP', 'Exit code', 'JSON-RPC', 'What to do']),
      row(['---', '---', '---', '---', '---', '---']),
      ...table,
    ].join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}
