/**
 * A node:test reporter that writes one JSON object a line: { outcome, name, nesting, tookMs, error?, why? }.
 * `run-tests.mjs` reads them; `outcome` is passed, failed or skipped.
 */
import { inspect } from 'node:util';

export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite' && type === 'test:pass') continue;
    // A parent that failed only because a child did is the same fault told twice.
    if (data.details?.error?.failureType === 'subtestsFailed') continue;
    const isSkipped = data.skip !== undefined || data.todo !== undefined;
    const outcome = isSkipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    const line = {
      outcome,
      name: data.name,
      nesting: data.nesting,
      tookMs: Math.round(data.details?.duration_ms ?? 0),
      why: typeof data.skip === 'string' ? data.skip : undefined,
      error: outcome === 'failed' ? errorText(data.details?.error) : undefined,
    };
    yield `${JSON.stringify(line)}\n`;
  }
}

/** The fault itself: node:test wraps it in an error of its own. */
function errorText(error) {
  const fault = error?.cause ?? error;
  return fault instanceof Error ? (fault.stack ?? fault.message) : inspect(fault);
}
