import { Link } from 'wouter';
import { useAsk } from '../client/use-ask.ts';
import { when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';

/** Most marks of a kind; the rest of them would lie on each other. */
const marksMax = 100;
/** Marks named at the crosshair, or the newest. */
const namedMax = 3;
/** What lies so near to the crosshair, as a share of the axis, is at it. */
const nearShare = 0.01;
const everyMs = 10_000;

const kinds = { died: 'instance.died', applied: 'fleet.applied', fired: 'alert.fired' } as const;
type Kind = keyof typeof kinds;
const names = Object.keys(kinds) as Kind[];
const shapes: Readonly<Record<Kind, { readonly className: string; readonly path: string }>> = {
  died: { className: 'is-failed', path: 'M6 0 10 7 6 14 2 7z' },
  applied: { className: 'muted', path: 'M3 14V0h8l-2 3.5L11 7H4v7z' },
  fired: { className: 'is-high', path: 'M6 1 12 13H0z' },
};

interface Mark {
  readonly kind: Kind;
  readonly seq: number;
  readonly atMs: number;
  readonly subject: string;
}

/** What changed: deaths, files applied, alerts, on the axis of the charts; those at the crosshair by name. */
export function EventRow(
  props: Pick<PageNeeds, 'client' | 'say'> & {
    readonly server: string;
    readonly fromMs: number;
    readonly toMs: number;
    readonly cursorMs: number | undefined;
  },
) {
  const { say, fromMs, toMs, cursorMs } = props;
  const { marks, isCut } = useMarks(props);
  const near = marks.filter(
    ({ atMs }) => cursorMs === undefined || Math.abs(atMs - cursorMs) < (toMs - fromMs) * nearShare,
  );
  const counted = names.map((kind) =>
    say.many(`metrics.${kind}`, marks.filter((mark) => mark.kind === kind).length),
  );
  return (
    <div className="panel">
      <div>
        <h2>{say('metrics.events')}</h2>
        <span className="faint">{say('metrics.events.unit')}</span>
        {isCut ? <p className="faint">{say('metrics.events.cut', { count: marksMax })}</p> : null}
      </div>
      <div className="axis-box">
        <div className="marks" role="img" aria-label={counted.join(', ')}>
          {marks.map(({ kind, seq, atMs, subject }) => (
            <svg
              key={seq}
              className={shapes[kind].className}
              style={{ left: `${((atMs - fromMs) / (toMs - fromMs)) * 100}%` }}
              width="12"
              height="14"
              viewBox="0 0 12 14"
              aria-hidden="true"
            >
              <title>{`${subject} ${when(atMs, toMs, say.language)}`}</title>
              <path d={shapes[kind].path} fill="currentColor" />
            </svg>
          ))}
        </div>
      </div>
      <ul className="named">
        {near.slice(0, namedMax).map((mark) => (
          <li key={mark.seq}>
            {mark.kind === 'applied' ? (
              <Link href="/audit?q=applied">{say('metrics.named.applied')}</Link>
            ) : (
              <Link href={`/servers/${encodeURIComponent(mark.subject)}#deaths`}>
                {say(`metrics.named.${mark.kind}`, { server: mark.subject })}
              </Link>
            )}{' '}
            <span className="faint">{when(mark.atMs, toMs, say.language)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Newest first; `isCut` when there were more of a kind than are asked for: then the time before them is not calm. */
function useMarks(props: Parameters<typeof EventRow>[0]): {
  readonly marks: readonly Mark[];
  readonly isCut: boolean;
} {
  const { client, server, fromMs, toMs } = props;
  // A begin that moves by the second would be another question each time.
  const sinceMs = Math.floor(fromMs / 60_000) * 60_000;
  const about = server === '' ? {} : { subject: server };
  const asked = { sinceMs, limit: marksMax };
  const died = useAsk(client, 'event.list', { ...asked, ...about, kind: kinds.died }, everyMs).data;
  const applied = useAsk(client, 'event.list', { ...asked, kind: kinds.applied }, everyMs).data;
  const fired = useAsk(
    client,
    'event.list',
    { ...asked, ...about, kind: kinds.fired },
    everyMs,
  ).data;
  const isCut = [died, applied, fired].some((known) => known?.events.length === marksMax);
  const marks = [
    ...marksOf(
      'died',
      died?.events.filter((event) => event['expected'] === false),
    ),
    ...marksOf('applied', applied?.events),
    ...marksOf('fired', fired?.events),
  ]
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    .sort((one, other) => other.atMs - one.atMs);
  return { marks, isCut };
}

function marksOf(kind: Kind, events: readonly Omit<Mark, 'kind'>[] | undefined): Mark[] {
  return (events ?? []).map(({ seq, atMs, subject }) => ({ kind, seq, atMs, subject }));
}
