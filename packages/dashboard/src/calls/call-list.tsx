import type { OutputOf } from 'ringmaster/operations';
import { Link } from 'wouter';
import { clockTime, latency } from '../format.ts';
import { CallOutcome } from '../parts/call-outcome.tsx';
import type { Say } from '../words/say.ts';

type Call = OutputOf<'call.list'>['calls'][number];

/** Bars end here: what takes longer is drawn in the colour of its state all the same. */
const barMaxMs = 10_000;
const barWidth = 60;

/** Calls that ended, newest first; each row leads to its story. */
export function CallList(props: {
  readonly calls: readonly Call[];
  readonly chosen: number | undefined;
  readonly search: string;
  readonly say: Say;
}) {
  const { calls, chosen, search, say } = props;
  return (
    <div className="frame scroll" tabIndex={0}>
      <table className="calls">
        <thead>
          <tr>
            <th>{say('calls.started')}</th>
            <th>{say('calls.outcome')}</th>
            <th>{say('calls.target')}</th>
            <th>{say('calls.client')}</th>
            <th className="num">{say('calls.took')}</th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <tr key={call.id} data-selected={call.id === chosen}>
              <td className="faint">{clockTime(call.startedAtMs)}</td>
              <td>
                <CallOutcome outcome={call.outcome} say={say} />
              </td>
              <td>
                <Link
                  className="plain"
                  data-row=""
                  href={`/calls/${call.id}${search}`}
                  aria-current={call.id === chosen ? 'true' : undefined}
                >
                  <span className="faint">{call.server}</span>{' '}
                  <b className="strong">{call.name ?? call.method}</b>
                </Link>
              </td>
              <td className="muted">{call.client ?? '–'}</td>
              <td className="num">
                <Took call={call} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Took({ call }: { readonly call: Call }) {
  const { value, unit } = latency(call.tookMs);
  const isBad = call.outcome === 'late' || call.outcome === 'lost';
  const share = Math.log1p(call.tookMs) / Math.log1p(barMaxMs);
  return (
    <span className={isBad ? 'is-failed strong' : undefined}>
      {value}
      <span className="unit">{`\u00a0${unit}`}</span>
      <svg className="took" width={barWidth} height="6" aria-hidden="true">
        <rect
          width={Math.max(1, Math.min(1, share) * barWidth)}
          height="6"
          fill={isBad ? 'currentColor' : 'var(--edge)'}
        />
      </svg>
    </span>
  );
}
