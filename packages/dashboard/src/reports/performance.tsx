import { useSearchParams } from 'wouter';
import { useAsk } from '../client/use-ask.ts';
import type { PageNeeds } from '../page-needs.ts';
import { RangeChoice, rangeOf } from '../parts/range-choice.tsx';
import { Document } from './document.tsx';

const dayMs = 86_400_000;
const ranges = [dayMs, 7 * dayMs, 30 * dayMs] as const;
const everyMs = 60_000;

/** How it went until now, in the same words as the reports that are kept. */
export function Performance(props: PageNeeds) {
  const { client, say } = props;
  const [query, setQuery] = useSearchParams();
  const rangeMs = rangeOf(query.get('range'), ranges, dayMs);
  const asked = { rangeMs, language: say.language };
  const { data, failure } = useAsk(client, 'report.performance', asked, everyMs);
  return (
    <div className="stack">
      <div className="bar first">
        <RangeChoice
          {...{ ranges, rangeMs, say }}
          onChoose={(range) => setQuery({ view: 'performance', range }, { replace: true })}
        />
        <span className="grow" />
        <button type="button" className="btn" onClick={() => window.print()}>
          {say('act.print')}
        </button>
      </div>
      {data?.document === undefined ? (
        <section className="box" aria-label={say('view.performance')}>
          <p className="empty">{failure ?? say('loading')}</p>
        </section>
      ) : (
        <Document blocks={data.document} say={say} />
      )}
    </div>
  );
}
