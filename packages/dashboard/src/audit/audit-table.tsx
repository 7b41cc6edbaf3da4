import { sayWhy } from 'ringmaster/say-why';
import { clockTime, duration, number, when } from '../format.ts';
import { en, type Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';
import { foldRows } from './fold-rows.ts';
import type { AuditRow } from './use-audit.ts';

/** Most characters of a text before it is opened. */
const moreMax = 160;

/** What was done, newest first; the same again and again is one row with a count. */
export function AuditTable({
  rows,
  say,
}: {
  readonly rows: readonly AuditRow[];
  readonly say: Say;
}) {
  const nowMs = Date.now();
  return (
    <div className="scroll" tabIndex={0}>
      <table className="chain">
        <thead>
          <tr>
            <th className="num">{say('audit.row')}</th>
            <th>{say('audit.at')}</th>
            <th>{say('audit.who')}</th>
            <th>{say('audit.did')}</th>
            <th>{say('audit.what')}</th>
            <th>{say('audit.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          {foldRows(rows).map(({ row, count, firstAtMs }) => (
            <tr key={row.row}>
              <td className="num mono faint c-row">{row.row}</td>
              <td className="muted c-at" title={new Date(row.atMs).toISOString()}>
                {exactTime(row.atMs, nowMs, say)}
                {count === 1 ? null : (
                  <span className="more faint">
                    {say('audit.sinceTime', { time: exactTime(firstAtMs, nowMs, say) })}
                  </span>
                )}
              </td>
              <td className="c-who">
                <Who row={row} say={say} />
              </td>
              <td className="strong c-did" title={row.did}>
                {didWord(row.did, say)}
                {count === 1 ? null : (
                  <span className="muted" title={say('audit.times', { count })}>
                    {' '}
                    ×&nbsp;{number(count)}
                  </span>
                )}
              </td>
              <td className="wrap c-what">
                {row.about.join(' ')}
                <More text={moreOf(row, say)} />
              </td>
              <td className="c-outcome">
                <Outcome outcome={row.outcome} say={say} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A long text is opened by who wants it: one row must not push all others off the page. */
function More({ text }: { readonly text: string }) {
  if (text.length <= moreMax) return <span className="more faint">{text}</span>;
  return (
    <details className="more faint">
      <summary>{text.slice(0, moreMax)}…</summary>…{text.slice(moreMax)}
    </details>
  );
}

function Who({ row, say }: { readonly row: AuditRow; readonly say: Say }) {
  const door = say(`door.${row.door}`);
  if (row.door === 'own' || row.by === row.door) return door;
  return (
    <>
      {row.by} <span className="faint">{door}</span>
    </>
  );
}

/** The operation or event in a word; what has none is shown as it is called. */
function didWord(did: string, say: Say): string {
  const key = `audit.did.${did}`;
  return key in en ? say(key as Key) : did;
}

/** Why, or how long it took when that is worth telling. */
function moreOf({ did, why, tookMs }: AuditRow, say: Say): string {
  if (did === 'fleet.applied') return planOf(why ?? '', say);
  if (why !== undefined) return sayWhy(why, say.language);
  return tookMs === undefined || tookMs < 1_000 ? '' : duration(tookMs, say.time);
}

/** What applying the file did to which server: `start search, remove notes`. */
function planOf(why: string, say: Say): string {
  const parts = why.split(', ').map((part) => {
    const [, act, server = ''] = /^([a-z]+) (\S+)$/.exec(part) ?? [];
    const key = `plan.${act}`;
    return key in en ? say(key as Key, { server }) : part;
  });
  return parts.join(say.language === 'ja' ? '、' : ', ');
}

function exactTime(atMs: number, nowMs: number, say: Say): string {
  const day = when(atMs, nowMs, say.language).split(' ').slice(0, -1).join(' ');
  return [day, clockTime(atMs)].filter((part) => part !== '').join(' ');
}

const looks = {
  done: { className: 'is-ready', path: 'M8 3.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9z' },
  failed: { className: 'is-failed', path: 'M8 2 14 8 8 14 2 8z' },
  refused: { className: 'is-stopped', path: undefined },
  unknown: { className: 'is-failed', path: 'M8 2 14 8 8 14 2 8z' },
} as const;

function Outcome({ outcome, say }: { readonly outcome: AuditRow['outcome']; readonly say: Say }) {
  const { className, path } = looks[outcome];
  return (
    <span className="pill">
      <span className={className}>
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
          {path === undefined ? (
            <g fill="none" stroke="currentColor" strokeWidth="1.5">
              <rect x="3.5" y="7" width="9" height="6.5" rx="1" />
              <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
            </g>
          ) : (
            <path d={path} fill="currentColor" />
          )}
        </svg>
      </span>
      <span className={outcome === 'done' ? 'muted' : className}>{say(`audit.${outcome}`)}</span>
    </span>
  );
}
