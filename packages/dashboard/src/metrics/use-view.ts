import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { rangeOf } from '../parts/range-choice.tsx';

const hourMs = 3_600_000;
/** Times a reader can choose, back from now. */
export const ranges = [hourMs, 6 * hourMs, 24 * hourMs, 168 * hourMs, 720 * hourMs] as const;

/** What of the figures is looked at; all of it stands in the address. */
export interface View {
  readonly server: string;
  /** What stands beside the figures: nothing, or those of a week before. */
  readonly beside: '' | 'week';
  readonly rangeMs: number;
  readonly isZoomed: boolean;
  readonly span: { readonly fromMs: number; readonly toMs: number };
  readonly set: (change: Readonly<Record<string, string>>) => void;
}

/** What the address asks for. */
export function useView(): View {
  const [query, setQuery] = useSearchParams();
  const [nowMs] = useState(Date.now);
  const rangeMs = rangeOf(query.get('range'), ranges, 6 * hourMs);
  const [from, to] = [Number(query.get('from')), Number(query.get('to'))];
  const isZoomed = from > 0 && to > from;
  return {
    ...{ rangeMs, isZoomed, server: query.get('server') ?? '' },
    beside: query.get('beside') === 'week' ? 'week' : '',
    span: isZoomed ? { fromMs: from, toMs: to } : { fromMs: nowMs - rangeMs, toMs: nowMs },
    set(change) {
      setQuery((before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change))
          if (value === '') next.delete(name);
          else next.set(name, value);
        return next;
      });
    },
  };
}
