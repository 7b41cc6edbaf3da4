import { useRef } from 'react';
import { CallList } from '../calls/call-list.tsx';
import { type OutcomeChoice, outcomeChoices, readFilter } from '../calls/filter.ts';
import { Story } from '../calls/story.tsx';
import { type CallPace, useCallPace } from '../calls/use-call-pace.ts';
import type { Overview } from '../client/fleet-store.ts';
import { type SetAddress, useAddress } from '../client/use-address.ts';
import { useAsk } from '../client/use-ask.ts';
import { useFleet } from '../client/use-fleet.ts';
import { number, percent, when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { RangeChoice, rangeOf, ranges } from '../parts/range-choice.tsx';
import { Told } from '../parts/told.tsx';
import { letGo, useHold } from '../parts/use-hold.ts';
import { useTitle } from '../parts/use-title.ts';
import type { Say } from '../words/say.ts';

const usualRangeMs = 3_600_000;
const pageSize = 100;
const everyMs = 1_000;
/** What the verdict counts: of the last hour. */
const failedHref = '/calls?outcome=notOk&range=1h';

/** Every call that ended: the list at left, the story of the chosen one at right. */
export function CallsPage(props: PageNeeds & { readonly id?: number | undefined }) {
  const { client, fleet, say, id } = props;
  const { overview } = useFleet(fleet);
  const [query, set] = useAddress();
  const list = useRef<HTMLDivElement>(null);
  const isTouched = useHold(list);
  const outcome = outcomeChoices.find((one) => one === query.get('outcome')) ?? 'all';
  const typed = query.get('q') ?? '';
  const rangeMs = rangeOf(query.get('range'), ranges, usualRangeMs);
  const span = spanOf(query);
  const isHeld = isTouched || fleet.isPaused();
  const input = { ...readFilter(typed), ...(span ?? { rangeMs }), limit: pageSize };
  const asked = outcome === 'all' ? input : { ...input, outcome };
  const { data, failure } = useAsk(
    client,
    'call.list',
    asked,
    isHeld || span !== undefined ? undefined : everyMs,
  );
  const pace = useCallPace(fleet, isHeld);
  const verdict = verdictOf(overview, say);
  useTitle(verdict, fleet);

  const search = query.size === 0 ? '' : `?${query}`;
  return (
    <>
      <Head {...{ overview, verdict, say }} />
      <div className="bar">
        <label className="input wide">
          <input
            id="filter"
            type="search"
            value={typed}
            placeholder={say('calls.filter')}
            aria-label={say('calls.filter')}
            onChange={(event) => set({ q: event.target.value })}
          />
          <kbd>/</kbd>
        </label>
        <Outcomes {...{ outcome, say }} onChoose={(outcome) => set({ outcome })} />
        <span className="grow" />
        <Pace
          {...{ fleet, say, pace, span, isHeld, set }}
          isNarrowed={typed !== '' || outcome !== 'all'}
        />
        <RangeChoice
          {...{ ranges, say, rangeMs: span === undefined ? rangeMs : 0 }}
          onChoose={(range) => set({ range, from: '', to: '' })}
        />
      </div>
      <div className={id === undefined ? 'two chosen-none' : 'two calls-two'}>
        <div className="list" ref={list}>
          <CallList calls={data?.calls ?? []} chosen={id} search={search} say={say} />
          <Below {...{ data, failure, say }} />
        </div>
        {id === undefined ? null : <Story key={id} {...props} id={id} />}
      </div>
    </>
  );
}

/** What is to be said of the last hour, whatever the list shows. */
function Head(props: {
  readonly overview: Overview | undefined;
  readonly verdict: string;
  readonly say: Say;
}) {
  const { overview, verdict, say } = props;
  return (
    <div className="head auto">
      <div>
        <h1 aria-live="polite">
          <Told words={verdict} href={overview?.recent.failedShare ? failedHref : undefined} />
        </h1>
        <p>{overview === undefined ? '' : restOf(overview, say)}</p>
      </div>
    </div>
  );
}

/** How the list goes on: not at all where it stands at a time, held still, or as a sample. */
function Pace(
  props: Pick<PageNeeds, 'fleet' | 'say'> & {
    readonly pace: CallPace;
    readonly span: CallSpan | undefined;
    readonly isHeld: boolean;
    readonly isNarrowed: boolean;
    readonly set: SetAddress;
  },
) {
  const { span, isHeld, set, ...others } = props;
  if (span !== undefined) {
    return <Span {...others} span={span} onUndo={() => set({ from: '', to: '' })} />;
  }
  return isHeld ? <Held {...others} /> : <Sampled {...others} />;
}

interface CallSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The time an address names by both its ends: calls that ended in it. */
function spanOf(query: URLSearchParams): CallSpan | undefined {
  const [fromMs, toMs] = [Number(query.get('from')), Number(query.get('to'))];
  return fromMs > 0 && toMs > fromMs ? { fromMs, toMs } : undefined;
}

/** From when to when, and the way back to what is live. */
function Span(props: { readonly span: CallSpan; readonly onUndo: () => void; readonly say: Say }) {
  const { say, span, onUndo } = props;
  const [from, to] = [span.fromMs, span.toMs].map((ms) => when(ms, Date.now(), say.language));
  return (
    <>
      <span className="muted">{say('calls.span', { from: from ?? '', to: to ?? '' })}</span>
      <button type="button" className="btn bare" onClick={onUndo}>
        {say('metrics.undo')}
      </button>
    </>
  );
}

/** The list stands still; a click lets it go on. */
function Held({
  fleet,
  say,
  pace,
}: Pick<PageNeeds, 'fleet' | 'say'> & { readonly pace: CallPace }) {
  return (
    <button
      type="button"
      className="btn bare"
      onClick={() => {
        letGo();
        fleet.setPaused(false);
      }}
    >
      {say('calls.held', { count: number(pace.newer) })}
    </button>
  );
}

/** More calls end between two answers than the list shows: it is a sample, unless the reader looks for something. */
function Sampled(props: {
  readonly isNarrowed: boolean;
  readonly pace: CallPace;
  readonly say: Say;
}) {
  const { isNarrowed, pace, say } = props;
  const oneIn = (pace.perSecond * (everyMs / 1_000)) / pageSize;
  if (isNarrowed || oneIn <= 1) return null;
  return <span className="muted">{say('calls.sampled', { count: number(Math.ceil(oneIn)) })}</span>;
}

function Below(props: {
  readonly data:
    | { readonly calls: readonly unknown[]; readonly next?: number | undefined }
    | undefined;
  readonly failure: string | undefined;
  readonly say: Say;
}) {
  const { data, failure, say } = props;
  if (data === undefined) return <p className="empty">{failure ?? say('loading')}</p>;
  if (data.calls.length === 0) return <p className="empty">{say('calls.noMatch')}</p>;
  if (data.next === undefined) return null;
  return <p className="empty faint">{say('calls.newest', { count: data.calls.length })}</p>;
}

function Outcomes(props: {
  readonly outcome: OutcomeChoice;
  readonly onChoose: (outcome: string) => void;
  readonly say: Say;
}) {
  const { outcome, onChoose, say } = props;
  return (
    <fieldset className="seg" aria-label={say('calls.outcome')}>
      {outcomeChoices.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === outcome}
          onClick={() => onChoose(one === 'all' ? '' : one)}
        >
          {say(`choice.${one}`)}
        </button>
      ))}
    </fieldset>
  );
}

function verdictOf(overview: Overview | undefined, say: Say): string {
  if (overview === undefined) return say('loading');
  const share = overview.recent.failedShare;
  if (share === undefined) return say('calls.verdict.none');
  if (share === 0) return say('calls.verdict.good');
  return say('calls.verdict.bad', { share: percent(share).value });
}

function restOf({ recent }: Overview, say: Say): string {
  const fills = { hour: number(recent.hour), rate: number(recent.perSecond) };
  return say('calls.rest', fills);
}
