import { useEffect, useState } from 'react';
import { sayWhy } from 'ringmaster/say-why';
import { useSearchParams } from 'wouter';
import { testNotifier } from '../alerts/alert-acts.ts';
import { AlertRows } from '../alerts/alert-rows.tsx';
import { NotifierTable } from '../alerts/notifier-table.tsx';
import { PastEvents } from '../alerts/past-events.tsx';
import { PastLanes } from '../alerts/past-lanes.tsx';
import { Pending } from '../alerts/pending.tsx';
import { RuleTable } from '../alerts/rule-table.tsx';
import type { AlertList } from '../alerts/rule-words.ts';
import { SilenceSheet, type SilenceStart } from '../alerts/silence-sheet.tsx';
import { Silences } from '../alerts/silences.tsx';
import { useAsk } from '../client/use-ask.ts';
import { useFleet } from '../client/use-fleet.ts';
import { duration } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from '../parts/act.tsx';
import { BellOff } from '../parts/icons.tsx';
import { useTitle } from '../parts/use-title.ts';
import type { Say } from '../words/say.ts';

const views = ['now', 'history', 'rules', 'notifiers'] as const;
type View = (typeof views)[number];
const everyMs = 2_000;

/** What fires, whose it is and who was told; what fired before; what is watched; who is told. */
export function AlertsPage(needs: PageNeeds) {
  const { client, fleet, say } = needs;
  const { overview } = useFleet(fleet);
  const [query, setQuery] = useSearchParams();
  const [silencing, setSilencing] = useState<SilenceStart>();
  const view: View = views.find((one) => one === query.get('view')) ?? 'now';
  const list = useAsk(client, 'alert.list', {}, fleet.isPaused() ? undefined : everyMs);
  const rules = useAsk(client, 'alert.rules', {});
  const { data, failure, again } = list;
  useEffect(
    () =>
      fleet.onEvents((events) => {
        if (events.some(({ kind }) => kind.startsWith('alert.'))) again();
      }),
    [fleet, again],
  );
  const verdict = data?.verdict[say.language] ?? failure ?? say('loading');
  useTitle(verdict, fleet);
  const nowMs = overview?.nowMs ?? Date.now();
  const counts = { rules: rules.data?.rules.length, notifiers: data?.notifiers.length };
  return (
    <>
      <div className="head auto">
        <div>
          <h1 aria-live="polite">{verdict}</h1>
          <p>{data === undefined ? '' : <Rest {...{ data, nowMs, say }} />}</p>
        </div>
        <div className="btns">
          <Act type="button" className="btn" onClick={() => void testNotifier(needs)}>
            {say('act.test')}
          </Act>
          <Act type="button" className="btn" onClick={() => setSilencing({})}>
            {say('act.silence')}
          </Act>
        </div>
      </div>
      <div className="bar first">
        <Views {...{ view, counts, say }} onChoose={(one) => setQuery({ view: one })} />
        <span className="grow" />
        {data?.quiet === undefined ? null : (
          <span className="faint">
            <BellOff /> {say(`quiet.${data.quiet.least}`, { time: data.quiet.until })}
          </span>
        )}
      </div>
      <Body {...needs} {...{ view, data, nowMs }} rules={rules.data} onSilence={setSilencing} />
      {silencing === undefined ? null : (
        <SilenceSheet
          {...needs}
          start={silencing}
          rules={[...new Set(rules.data?.rules.map(({ rule }) => rule))]}
          onClose={() => setSilencing(undefined)}
        />
      )}
    </>
  );
}

function Body(
  props: PageNeeds & {
    readonly view: View;
    readonly data: AlertList | undefined;
    readonly rules: Parameters<typeof RuleTable>[0]['data'] | undefined;
    readonly nowMs: number;
    readonly onSilence: (start: SilenceStart) => void;
  },
) {
  const { view, data, rules, nowMs } = props;
  if (data === undefined) return null;
  switch (view) {
    case 'now':
      return <Now {...props} data={data} />;
    case 'history':
      return <PastEvents {...props} />;
    case 'rules':
      return rules === undefined ? null : <RuleTable {...props} data={rules} />;
    case 'notifiers':
      return <NotifierTable {...props} notifiers={data.notifiers} nowMs={nowMs} />;
  }
}

function Now(
  props: PageNeeds & {
    readonly data: AlertList;
    readonly nowMs: number;
    readonly onSilence: (start: SilenceStart) => void;
  },
) {
  const { data, nowMs, onSilence, say } = props;
  const [soon, quiet] = [data.pending.length, data.silences.length];
  return (
    <div className="stack">
      {data.alerts.length === 0 ? (
        <section className="box" aria-label={say('alerts.firing')}>
          <p className="empty">{say('alerts.none')}</p>
        </section>
      ) : (
        <AlertRows
          {...props}
          alerts={data.alerts}
          everyone={data.notifiers.length}
          onSilence={({ rule, subject }) => onSilence({ rule, subject })}
        />
      )}
      {soon + quiet === 0 ? null : (
        <div className={soon > 0 && quiet > 0 ? 'two' : 'stack'}>
          <Pending {...props} pending={data.pending} nowMs={nowMs} />
          <Silences {...props} silences={data.silences} nowMs={nowMs} />
        </div>
      )}
      <PastLanes {...props} />
    </div>
  );
}

function Views(props: {
  readonly view: View;
  readonly counts: Readonly<Partial<Record<View, number | undefined>>>;
  readonly onChoose: (view: View) => void;
  readonly say: Say;
}) {
  const { view, counts, onChoose, say } = props;
  return (
    <fieldset className="seg" aria-label={say('alerts.views')}>
      {views.map((one) => (
        <button key={one} type="button" aria-pressed={one === view} onClick={() => onChoose(one)}>
          {say(`view.${one}`)}
          {counts[one] === undefined ? null : <span className="n">{counts[one]}</span>}
        </button>
      ))}
    </fieldset>
  );
}

/** How long it has fired, and who cannot be reached. */
function Rest(props: { readonly data: AlertList; readonly nowMs: number; readonly say: Say }) {
  const { data, nowMs, say } = props;
  const bad = data.alerts.filter(({ severity }) => severity !== 'info');
  const oldest = Math.min(...bad.map(({ firedAtMs }) => firedAtMs));
  const failing = data.notifiers.filter((one) => one.failing !== undefined);
  const fine = data.notifiers.filter((one) => one.failing === undefined && one.lastOkAtMs);
  return (
    <>
      {bad.length === 0 ? null : (
        <span>{say('alerts.oldest', { long: duration(nowMs - oldest, say.time) })} </span>
      )}
      {failing.map(({ notifier, failing: how }) => (
        <span key={notifier}>
          <span className="is-failed strong">{say('alerts.lost', { name: notifier })}</span>
          {say.many('alerts.lostWhy', how?.tries ?? 1, {
            why: sayWhy(how?.why ?? '', say.language),
          })}{' '}
        </span>
      ))}
      {failing.length > 0 && fine.length > 0
        ? say('alerts.fine', { names: fine.map(({ notifier }) => notifier).join(', ') })
        : null}
    </>
  );
}
