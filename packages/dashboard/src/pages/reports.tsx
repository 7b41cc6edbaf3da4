import { useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { attempt } from '../client/toasts.ts';
import { useAsk } from '../client/use-ask.ts';
import { useFleet } from '../client/use-fleet.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from '../parts/act.tsx';
import { useTitle } from '../parts/use-title.ts';
import { Advice } from '../reports/advice.tsx';
import { Capacity } from '../reports/capacity.tsx';
import { KeptList } from '../reports/kept-list.tsx';
import { KeptReport } from '../reports/kept-report.tsx';
import { Performance } from '../reports/performance.tsx';
import { readReportName } from '../reports/report-name.ts';
import type { Say } from '../words/say.ts';

const views = ['kept', 'performance', 'advice', 'capacity'] as const;
const periods = ['daily', 'weekly', 'monthly'] as const;
const everyMs = 10_000;

/** Reports by kind and date, each a page that prints; how it goes now, advice, capacity. */
export function ReportsPage(needs: PageNeeds & { readonly name?: string | undefined }) {
  const { client, fleet, say, name } = needs;
  const { overview } = useFleet(fleet);
  const [query, setQuery] = useSearchParams();
  const [, go] = useLocation();
  const chosen = views.find((one) => one === query.get('view')) ?? 'kept';
  const view = name === undefined ? chosen : 'kept';
  const { data, again } = useAsk(client, 'report.list', {}, everyMs);
  const newest = data?.reports[0]?.name;
  const verdict =
    name === undefined ? verdictOf(data && newest, data !== undefined, say) : titleOf(name, say);
  useTitle(verdict, fleet);
  const nowMs = overview?.nowMs ?? Date.now();
  return (
    <>
      <div className="head auto">
        <div>
          <h1 aria-live="polite">{verdict}</h1>
          <p className="path">
            {data === undefined ? '' : say('reports.folder', { folder: data.folder })}
          </p>
        </div>
        <Make {...needs} onMade={again} />
      </div>
      <div className="bar first">
        <fieldset className="seg" aria-label={say('alerts.views')}>
          {views.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === view}
              onClick={() => {
                if (name !== undefined) go(`/reports?view=${one}`);
                else setQuery({ view: one });
              }}
            >
              {say(`view.${one}`)}
              {one === 'kept' && data !== undefined ? (
                <span className="n">{data.reports.length}</span>
              ) : null}
            </button>
          ))}
        </fieldset>
      </div>
      {view === 'performance' ? <Performance {...needs} /> : null}
      {view === 'advice' ? <Advice {...needs} /> : null}
      {view === 'capacity' ? <Capacity {...needs} /> : null}
      {view === 'kept' ? (
        <div className={name === undefined ? 'two chosen-none' : 'two reports-two'}>
          <KeptList reports={data?.reports ?? []} chosen={name} nowMs={nowMs} say={say} />
          {name === undefined ? null : (
            <div className="stack">
              <KeptReport key={name} {...needs} name={name} />
            </div>
          )}
        </div>
      ) : null}
    </>
  );
}

/** Makes one of the running period, so far, and opens it. */
function Make(props: PageNeeds & { readonly onMade: () => void }) {
  const { client, say, toasts, onMade } = props;
  const [, go] = useLocation();
  const [making, setMaking] = useState<string>();

  async function make(period: (typeof periods)[number]): Promise<void> {
    setMaking(period);
    let made: string | undefined;
    await attempt(toasts, {
      async work() {
        const asked = { period, which: 'current', language: say.language } as const;
        made = (await client.ask('report.create', asked)).name;
      },
      done: say('did.report'),
      failed: (reason) => say('didNot.report', { reason }),
    });
    setMaking(undefined);
    onMade();
    if (made !== undefined) go(`/reports/${made}`);
  }

  return (
    <div className="btns">
      {periods.map((period) => (
        <Act
          key={period}
          type="button"
          className="btn"
          disabled={making !== undefined}
          onClick={() => void make(period)}
        >
          {say(making === period ? 'act.making' : `make.${period}`)}
        </Act>
      ))}
    </div>
  );
}

function verdictOf(newest: string | undefined, isKnown: boolean, say: Say): string {
  if (!isKnown) return say('loading');
  const read = newest === undefined ? undefined : readReportName(newest);
  if (read === undefined) return say('reports.verdict.none');
  return say(`reports.verdict.${read.period}`, { date: read.date });
}

function titleOf(name: string, say: Say): string {
  const read = readReportName(name);
  return read === undefined ? name : say(`reports.title.${read.period}`, { date: read.date });
}
