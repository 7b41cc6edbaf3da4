import { useMemo } from 'react';
import type { AskedOf } from 'ringmaster/operations';
import { useAsk } from '../client/use-ask.ts';
import type { PageNeeds } from '../page-needs.ts';
import { rangeWord } from '../parts/range-choice.tsx';
import { besideLastWeek, weekMs } from './beside.ts';
import { type Histories, largestShown, type Panel, panelsOf } from './panels.ts';
import { type Ring, ringOf, ringSamples } from './ring.ts';
import type { View } from './use-view.ts';

const hourMs = 3_600_000;
const everyMs = 10_000;
/** Charts are a thousand pixels wide: what is asked for again has moved by a tenth of one, if that is longer. */
const movesPerRange = 10_000;

/** What is drawn, and from when to when. */
export interface Drawn {
  /** Undefined until all of it is there. */
  readonly panels: readonly Panel[] | undefined;
  readonly span: View['span'];
}

/** The panels of what is looked at, asked for again while they are live. */
export function usePanels(needs: PageNeeds, view: View): Drawn {
  const again = view.isZoomed ? undefined : Math.max(everyMs, view.rangeMs / movesPerRange);
  const ring = useRing(needs, view);
  // As it stands in the page's address: `public/early.js` has asked the first questions already.
  const live = view.isRing
    ? ring && { rangeMs: ring.rangeMs }
    : { rangeMs: rangeWord(view.rangeMs) };
  const now = useHistories(needs, view, view.isZoomed ? view.span : live, again);
  const { fromMs, toMs } = now?.machine ?? view.span;
  // Whole hours: the past is kept by the hour, and a question that moves by the second is another one each time.
  const past = useHistories(
    needs,
    view,
    view.beside === 'week' && now !== undefined
      ? {
          fromMs: Math.floor((fromMs - weekMs) / hourMs) * hourMs,
          toMs: Math.ceil((toMs - weekMs) / hourMs) * hourMs,
          step: '1h',
        }
      : undefined,
    undefined,
  );
  const panels = useMemo(() => {
    if (now === undefined) return undefined;
    const { memory, cpu, times } = ring ?? now;
    const nowMs = view.isZoomed ? undefined : now.calls.toMs;
    const panels = panelsOf({ ...now, memory, cpu, times, nowMs });
    return past === undefined ? panels : besideLastWeek(panels, panelsOf(past));
  }, [now, past, ring, view.isZoomed]);
  return { panels, span: view.isRing ? { fromMs, toMs } : view.span };
}

/** The newest samples, when they are what is looked at. */
function useRing({ client }: PageNeeds, { isRing, server }: View): Ring | undefined {
  const about = server === '' ? {} : { server };
  const asked = isRing ? { samples: ringSamples, ...about } : undefined;
  const { data } = useAsk(client, 'metric.latest', asked, everyMs);
  return useMemo(
    () => (isRing && data !== undefined ? ringOf(data, server) : undefined),
    [isRing, data, server],
  );
}

/** What the panels of one time are made of; nothing is asked without a time. */
function useHistories(
  { client }: PageNeeds,
  { server }: View,
  time: Partial<AskedOf<'metric.read'>> | undefined,
  again: number | undefined,
): Histories | undefined {
  const one = server === '' ? undefined : server;
  const ask = (more: AskedOf<'metric.read'>) =>
    time === undefined ? undefined : { ...more, ...time };
  const subject = { server: one ?? 'all' };
  const machineOnly = ask({ metric: 'cpuPercent' });
  const machine = useAsk(client, 'metric.read', machineOnly, again).data;
  const callsAsked = ask({ ...subject, metric: 'calls', together: true });
  const calls = useAsk(client, 'metric.read', callsAsked, again).data;
  const memoryAsked = ask({ ...subject, metric: 'memoryBytes', largest: largestShown });
  const memory = useAsk(client, 'metric.read', memoryAsked, again).data;
  const ofOne = one === undefined ? undefined : ask({ server: one, metric: 'cpuPercent' });
  const cpu = useAsk(client, 'metric.read', ofOne, again).data;
  const isAsked = time !== undefined;
  return useMemo(() => {
    if (!isAsked || machine === undefined || calls === undefined || memory === undefined) {
      return undefined;
    }
    return { machine, calls, memory, cpu: one === undefined ? undefined : cpu };
  }, [isAsked, machine, calls, memory, cpu, one]);
}
