import { useState } from 'react';
import { type SetAddress, useAddress } from '../client/use-address.ts';
import { rangeOf, ranges } from '../parts/range-choice.tsx';

const hourMs = 3_600_000;
/** How the newest samples are called in the address. */
export const ringWord = 'samples';

/** What of the figures is looked at; all of it stands in the address. */
export interface View {
  readonly server: string;
  /** What stands beside the figures: nothing, or those of a week before. */
  readonly beside: '' | 'week';
  readonly rangeMs: number;
  /** Whether the newest samples are looked at as they were taken, whatever time they span. */
  readonly isRing: boolean;
  readonly isZoomed: boolean;
  readonly span: { readonly fromMs: number; readonly toMs: number };
  readonly set: SetAddress;
}

/** What the address asks for. */
export function useView(): View {
  const [query, set] = useAddress();
  const [nowMs] = useState(Date.now);
  const rangeMs = rangeOf(query.get('range'), ranges, 6 * hourMs);
  const [from, to] = [Number(query.get('from')), Number(query.get('to'))];
  const isZoomed = from > 0 && to > from;
  return {
    ...{
      rangeMs,
      isZoomed,
      isRing: !isZoomed && query.get('range') === ringWord,
      server: query.get('server') ?? '',
    },
    beside: query.get('beside') === 'week' ? 'week' : '',
    span: isZoomed ? { fromMs: from, toMs: to } : { fromMs: nowMs - rangeMs, toMs: nowMs },
    set: (change) => set(change, { isStep: true }),
  };
}
