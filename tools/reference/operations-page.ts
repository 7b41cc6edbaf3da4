import { type Declared, fieldTable } from './field-table.ts';

interface Operation {
  readonly summary: string;
  readonly input: Declared;
  readonly output: Declared;
  readonly errors: readonly string[];
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly effect: string;
}

/** The reference page of everything that can be asked of the daemon. */
export function operationsPage(
  operations: Readonly<Record<string, Operation>>,
  routes: Readonly<Record<string, Route>>,
): string {
  const sections = Object.entries(operations).map(([name, operation]) =>
    section(name, operation, routes[name]),
  );
  return [
    '# Operations',
    'Generated from `packages/ringmaster/src/operations`; edit that, not this page.',
    'What can be asked of the daemon, at `/api` of its address. GET takes the input from the path and the query, POST from a JSON body. Every operation can also fail with `bad_request` and `bug`; see [errors](errors.md).',
    ...sections,
  ]
    .join('\n\n')
    .concat('\n');
}

function section(name: string, operation: Operation, route: Route | undefined): string {
  const errors = operation.errors.map((code) => `[\`${code}\`](errors.md#${code})`).join(', ');
  return [
    `## ${name}`,
    `${operation.summary}.`,
    `\`${route?.method} /api${route?.path}\` · ${effects[route?.effect ?? ''] ?? route?.effect}`,
    ...titled('Input', fieldTable(operation.input, 'input')),
    ...titled('Output', fieldTable(operation.output, 'output')),
    ...(errors === '' ? [] : [`Errors: ${errors}`]),
  ].join('\n\n');
}

const effects: Readonly<Record<string, string>> = {
  reads: 'changes nothing',
  changes: 'changes something that can be changed back',
  destroys: 'cannot be taken back',
};

function titled(title: string, table: string | undefined): string[] {
  return table === undefined ? [] : [`**${title}**`, table];
}
