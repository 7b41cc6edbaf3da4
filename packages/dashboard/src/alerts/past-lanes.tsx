import type { OutputOf } from 'ringmaster/operations';
import { useSearchParams } from 'wouter';
import { useAsk } from '../client/use-ask.ts';
import { duration } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { ticks } from '../parts/paths.ts';
import { RangeChoice, rangeOf } from '../parts/range-choice.tsx';
import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';
import { PastLane } from './past-lane.tsx';

const dayMs = 86_400_000;
const ranges = [dayMs, 7 * dayMs, 30 * dayMs] as const;
const everyMs = 30_000;

/** Which rules fired how often and how long, each with a lane on one axis. */
export function PastLanes(props: PageNeeds) {
  const { client, say } = props;
  const [query, setQuery] = useSearchParams();
  const rangeMs = rangeOf(query.get('range'), ranges, 7 * dayMs);
  const { data, failure } = useAsk(client, 'alert.history', { rangeMs }, everyMs);
  const title = say(`past.title.${rangeMs / dayMs}` as Key);
  return (
    <section className="box past" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="faint">{data === undefined ? '' : summary(data, say)}</span>
        <span className="grow" />
        <RangeChoice
          {...{ ranges, rangeMs, say }}
          onChoose={(range) => setQuery({ range }, { replace: true })}
        />
      </header>
      {data === undefined ? (
        <p className="empty">{failure ?? say('loading')}</p>
      ) : data.rows.length === 0 ? (
        <p className="empty">{say('past.none')}</p>
      ) : (
        <Table data={data} say={say} />
      )}
    </section>
  );
}

function summary({ fired, totalMs, takenMs }: OutputOf<'alert.history'>, say: Say): string {
  const inAll = duration(totalMs, say.time);
  return takenMs === undefined
    ? say.many('past.summary', fired, { inAll })
    : say.many('past.summaryTaken', fired, { inAll, taken: duration(takenMs, say.time) });
}

function Table({ data, say }: { readonly data: OutputOf<'alert.history'>; readonly say: Say }) {
  const { fromMs, toMs, rows } = data;
  const axis = ticks(fromMs, toMs, 8);
  return (
    <>
      <table className="pasts">
        <thead>
          <tr>
            <th>{say('table.server')}</th>
            <th>{say('alerts.rule')}</th>
            <th className="num">{say('past.fired')}</th>
            <th className="num">{say('past.inAll')}</th>
            <th className="num">{say('past.takenIn')}</th>
            <th className="c-past" aria-label={say('past.lane')}>
              <DayAxis {...{ fromMs, toMs, axis, say }} />
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.rule}/${row.subject}`}>
              <td className="strong">{row.subject}</td>
              <td className="mono muted">{row.rule}</td>
              <td className="num">{row.fired}</td>
              <td className="num">{duration(row.totalMs, say.time)}</td>
              <td className="num muted">
                {row.takenMs === undefined ? '–' : duration(row.takenMs, say.time)}
              </td>
              <td className="c-past">
                <PastLane {...{ row, fromMs, toMs, axis, say }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.isWhole ? null : <p className="empty faint">{say('past.cut')}</p>}
    </>
  );
}

/** Days by name; hours within one day. */
function DayAxis(props: {
  readonly fromMs: number;
  readonly toMs: number;
  readonly axis: readonly number[];
  readonly say: Say;
}) {
  const { fromMs, toMs, axis, say } = props;
  const isDays = toMs - fromMs > 2 * dayMs;
  const style = isDays
    ? ({ weekday: 'short', day: 'numeric' } as const)
    : ({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const);
  return (
    <div className="axis">
      {axis
        .filter((ms) => ms - fromMs > 0.03 * (toMs - fromMs) && toMs - ms > 0.03 * (toMs - fromMs))
        .map((ms) => (
          <span key={ms} style={{ left: `${(100 * (ms - fromMs)) / (toMs - fromMs)}%` }}>
            {new Date(ms).toLocaleString(say.language, style)}
          </span>
        ))}
    </div>
  );
}
