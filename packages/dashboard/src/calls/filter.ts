/** How calls can be narrowed by how they ended. */
export const outcomeChoices = ['all', 'notOk', 'error', 'late', 'lost', 'denied'] as const;
/** One of them. */
export type OutcomeChoice = (typeof outcomeChoices)[number];

/** What a typed filter asks of `call.list`. */
export interface TypedFilter {
  server?: string;
  client?: string;
  text?: string;
  minTookMs?: number;
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000 };

/**
 * Reads `server:search client:cursor took:>2s rest`: words with a colon narrow their field, what is left is looked for
 * as one text. A word whose value does not fit its field is text.
 */
export function readFilter(typed: string): TypedFilter {
  const filter: TypedFilter = {};
  const rest: string[] = [];
  for (const word of typed.split(/\s+/).filter((one) => one !== '')) {
    const [, field = '', value = ''] = /^(server|client|took):>?(.+)$/.exec(word) ?? [];
    const tookMs = field === 'took' ? readMs(value) : undefined;
    if (field === 'server' || field === 'client') filter[field] = value;
    else if (tookMs !== undefined) filter.minTookMs = tookMs;
    else rest.push(word);
  }
  if (rest.length > 0) filter.text = rest.join(' ');
  return filter;
}

function readMs(value: string): number | undefined {
  const [, count, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|min)?$/.exec(value) ?? [];
  return count === undefined ? undefined : Number(count) * (unitsMs[unit] ?? 1);
}
