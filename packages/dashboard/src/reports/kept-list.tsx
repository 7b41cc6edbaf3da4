import type { OutputOf } from 'ringmaster/operations';
import { Link } from 'wouter';
import { when } from '../format.ts';
import type { Say } from '../words/say.ts';
import { readReportName } from './report-name.ts';

type Kept = OutputOf<'report.list'>['reports'];
const periods = ['daily', 'weekly', 'monthly'] as const;

/** The reports that are kept, by kind, newest first. */
export function KeptList(props: {
  readonly reports: Kept;
  readonly chosen: string | undefined;
  readonly nowMs: number;
  readonly say: Say;
}) {
  const { reports, chosen, nowMs, say } = props;
  const rows = reports.flatMap((report) => {
    const read = readReportName(report.name);
    return read === undefined ? [] : [{ ...report, ...read }];
  });
  return (
    <section className="box kept" aria-label={say('reports.kept')}>
      {rows.length === 0 ? <p className="empty">{say('reports.none')}</p> : null}
      {periods.map((period) => {
        const mine = rows
          .filter((row) => row.period === period)
          .sort((one, other) => (one.date < other.date ? 1 : -1));
        if (mine.length === 0) return null;
        return (
          <div key={period}>
            <h2>{say(`period.${period}`)}</h2>
            <ul>
              {mine.map(({ name, date, madeAtMs }) => (
                <li key={name} data-selected={name === chosen}>
                  <Link
                    href={`/reports/${name}`}
                    data-row=""
                    aria-current={name === chosen ? 'page' : undefined}
                  >
                    {date}
                  </Link>
                  <span className="faint">
                    {say('reports.made', { time: when(madeAtMs, nowMs, say.language) })}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </section>
  );
}
