import { useState } from 'react';
import { useFleet } from '../client/use-fleet.ts';
import { bytes, type Figure, latency, number, percent, when } from '../format.ts';
import { EventRow } from '../metrics/event-row.tsx';
import { PanelChart } from '../metrics/panel-chart.tsx';
import { type Line, type Panel, valueAt } from '../metrics/panels.ts';
import { ringSamples } from '../metrics/ring.ts';
import { type Slowed, slowedOf } from '../metrics/slowed.ts';
import { usePanels } from '../metrics/use-panels.ts';
import { ringWord, useView, type View } from '../metrics/use-view.ts';
import type { PageNeeds } from '../page-needs.ts';
import { LaneAxis } from '../parts/lane.tsx';
import { ticks } from '../parts/paths.ts';
import { RangeChoice, ranges, rangeWord } from '../parts/range-choice.tsx';
import { Told } from '../parts/told.tsx';
import { useTitle } from '../parts/use-title.ts';
import type { Say } from '../words/say.ts';

/** Figures over time: small charts on one axis, one crosshair, values beside. */
export function MetricsPage(needs: PageNeeds) {
  const { client, fleet, say } = needs;
  const view = useView();
  const { panels, span } = usePanels(needs, view);
  const slowed = slowedOf(panels?.[1]);
  const verdict = verdictOf(panels, slowed, say);
  const hasFailed = slowed === undefined && panels !== undefined && sumOf(panels[2]) > 0;
  useTitle(verdict, fleet);
  return (
    <>
      <div className="head auto">
        <div>
          <h1 aria-live="polite">
            <Told words={verdict} href={hasFailed ? failedCallsIn(view, span) : undefined} />
          </h1>
          <p>{slowed === undefined ? '' : slowedWords(slowed, say)}</p>
        </div>
      </div>
      <Bar {...{ fleet, say, view, span }} />
      <Panels {...{ client, say, view, panels, span }} />
      <p className="foot desk">{say('metrics.foot')}</p>
    </>
  );
}

/** What is looked at: servers, what is put beside them, and how far back. */
function Bar(
  props: Pick<PageNeeds, 'fleet' | 'say'> & { readonly view: View; readonly span: View['span'] },
) {
  const { fleet, say, view, span } = props;
  const { overview } = useFleet(fleet);
  return (
    <div className="bar">
      <select
        className="select"
        aria-label={say('table.server')}
        value={view.server}
        onChange={(event) => view.set({ server: event.target.value })}
      >
        <option value="">{say('metrics.all')}</option>
        {overview?.servers.map(({ server }) => (
          <option key={server}>{server}</option>
        ))}
      </select>
      <select
        className="select"
        aria-label={say('metrics.beside')}
        value={view.beside}
        onChange={(event) => view.set({ beside: event.target.value })}
      >
        <option value="">{say('metrics.beside.none')}</option>
        <option value="week">{say('metrics.beside.week')}</option>
      </select>
      <span className="grow" />
      {view.isZoomed ? (
        <button type="button" className="btn bare" onClick={() => view.set({ from: '', to: '' })}>
          {say('metrics.undo')}
        </button>
      ) : null}
      <Moves {...{ say, view, span }} />
      <RangeChoice
        {...{ ranges, say, rangeMs: view.isZoomed || view.isRing ? 0 : view.rangeMs }}
        samples={{ count: ringSamples, isChosen: view.isRing, word: ringWord }}
        onChoose={(range) => view.set({ range, from: '', to: '' })}
      />
    </div>
  );
}

/** Half the time shown back or on; what comes near to now is live again. */
function Moves(props: { readonly say: Say; readonly view: View; readonly span: View['span'] }) {
  const { say, view, span } = props;
  const halfMs = (span.toMs - span.fromMs) / 2;
  const move = (byMs: number): void => {
    const [from, to] = [span.fromMs + byMs, span.toMs + byMs].map(Math.round);
    // What was now when it began to move is now still.
    const isPast = (to ?? 0) < Date.now() - halfMs / 2;
    view.set(isPast ? { from: `${from}`, to: `${to}` } : { from: '', to: '' });
  };
  return (
    <span className="btns">
      <button
        type="button"
        className="btn bare"
        data-key="["
        aria-label={say('metrics.back')}
        onClick={() => move(-halfMs)}
      >
        ◂
      </button>
      <button
        type="button"
        className="btn bare"
        data-key="]"
        aria-label={say('metrics.on')}
        disabled={!view.isZoomed}
        onClick={() => move(halfMs)}
      >
        ▸
      </button>
    </span>
  );
}

/** All charts on one axis, with one line through them that keys and pointer move. */
function Panels(
  props: Pick<PageNeeds, 'client' | 'say'> & {
    readonly view: View;
    readonly panels: readonly Panel[] | undefined;
    readonly span: View['span'];
  },
) {
  const { client, say, view, panels, span } = props;
  const [cursorMs, setCursorMs] = useState<number>();
  const first = view.isZoomed ? undefined : panels?.[0];
  const { fromMs, toMs } = first === undefined ? span : spanOf(first, span);
  const end = view.isZoomed ? when(toMs, Date.now(), say.language) : say('table.now');
  const move = (steps: number): void => {
    const stepMs = (toMs - fromMs) / 200;
    setCursorMs(Math.min(toMs, Math.max(fromMs, (cursorMs ?? toMs) + steps * stepMs)));
  };
  return (
    <section
      className="frame panels"
      aria-label={say('nav.metrics')}
      tabIndex={0}
      onKeyDown={({ key }) => {
        if (key === 'ArrowLeft') move(-1);
        if (key === 'ArrowRight') move(1);
        if (key === 'Escape') setCursorMs(undefined);
      }}
    >
      <div className="panel">
        <span className="faint">
          {cursorMs === undefined ? '' : new Date(cursorMs).toLocaleString(say.language)}
        </span>
        <div className="axis-box">
          <LaneAxis {...{ fromMs, toMs, end, say }} ticks={ticks(fromMs, toMs, 7)} />
        </div>
        <span className="num faint">
          {cursorMs === undefined ? say('metrics.newest') : when(cursorMs, toMs, say.language)}
        </span>
      </div>
      <EventRow {...{ client, say, fromMs, toMs, cursorMs }} server={view.server} />
      {panels?.map((panel) => (
        <PanelRow
          key={panel.name}
          {...{ panel, fromMs, toMs, cursorMs, say }}
          onCursor={setCursorMs}
          onZoom={(from, to) =>
            view.set({ from: String(Math.round(from)), to: String(Math.round(to)) })
          }
        />
      ))}
      {panels === undefined ? <p className="empty">{say('loading')}</p> : null}
    </section>
  );
}

/** A live axis ends with the newest answer, not with the moment the page was opened. */
function spanOf(panel: Panel, span: View['span']): View['span'] {
  const last = panel.atMs.at(-1) ?? span.toMs;
  const toMs = Math.max(span.toMs, last);
  return { fromMs: toMs - (span.toMs - span.fromMs), toMs };
}

function PanelRow(props: {
  readonly panel: Panel;
  readonly fromMs: number;
  readonly toMs: number;
  readonly cursorMs: number | undefined;
  readonly onCursor: (atMs: number | undefined) => void;
  readonly onZoom: (fromMs: number, toMs: number) => void;
  readonly say: Say;
}) {
  const { panel, cursorMs, say } = props;
  const name = say(`panel.${panel.name}`);
  const newest = panel.lines.map((line) => {
    const { value, unit } = figure(panel, valueAt(panel, line, undefined));
    return `${labelOf(panel, line, say)} ${value} ${unit}`;
  });
  return (
    <div className="panel">
      <div>
        <h2>{name}</h2>
        <span className="faint">{say(`panel.${panel.name}.unit`)}</span>
      </div>
      <PanelChart {...props} label={`${name}: ${newest.join(', ')}`} />
      <dl className="values">
        {panel.lines.map((line) => {
          const { value, unit } = figure(panel, valueAt(panel, line, cursorMs));
          return (
            <div key={line.label}>
              <dt>
                <i className={`look ${line.look}`} />
                {labelOf(panel, line, say)}
              </dt>
              <dd>
                {value}
                <span className="unit">{unit === '' ? '' : `\u00a0${unit}`}</span>
                {line.past === undefined ? null : (
                  <Before panel={panel} past={{ ...line, values: line.past }} cursorMs={cursorMs} />
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}

/** The same a week before, quieter. */
function Before(props: {
  readonly panel: Panel;
  readonly past: Line;
  readonly cursorMs: number | undefined;
}) {
  const { panel, past, cursorMs } = props;
  const { value, unit } = figure(panel, valueAt(panel, past, cursorMs));
  return (
    <span className="before">
      {value}
      {unit === '' ? '' : `\u00a0${unit}`}
    </span>
  );
}

function labelOf(panel: Panel, line: Line, say: Say): string {
  if (line.label !== '') return line.label;
  return say(panel.name === 'cpu' ? 'metrics.machine' : 'metrics.sum');
}

function figure({ unit }: Panel, value: number | null): Figure {
  if (value === null) return { value: '–', unit: '' };
  if (unit === 'ms') return latency(value);
  if (unit === 'bytes') return bytes(value);
  if (unit === 'percent') return percent(value / 100);
  return { value: number(value), unit: '/s' };
}

function verdictOf(
  panels: readonly Panel[] | undefined,
  slowed: Slowed | undefined,
  say: Say,
): string {
  const [calls, , notDone] = panels ?? [];
  if (calls === undefined || notDone === undefined) return say('loading');
  if (slowed !== undefined) {
    const time = when(slowed.sinceMs, Date.now(), say.language);
    return say('metrics.verdict.slowed', { times: number(slowed.times), time });
  }
  const [all, bad] = [sumOf(calls), sumOf(notDone)];
  if (all === 0) return say('metrics.verdict.none');
  if (bad === 0) return say('metrics.verdict.good');
  return say('metrics.verdict.bad', { share: percent(bad / all).value });
}

/** The calls that the verdict counts; Calls looks back from now and knows no other time. */
function failedCallsIn({ isZoomed, isRing, rangeMs, server }: View, span: View['span']): string {
  const about = server === '' ? '' : `&q=${encodeURIComponent(`server:${server}`)}`;
  const time =
    isZoomed || isRing
      ? `from=${Math.floor(span.fromMs)}&to=${Math.ceil(span.toMs)}`
      : `range=${rangeWord(rangeMs)}`;
  return `/calls?outcome=notOk&${time}${about}`;
}

function sumOf(panel: Panel | undefined): number {
  const values = panel?.lines[0]?.values ?? [];
  return values.reduce((total: number, value) => total + (value ?? 0), 0);
}

function slowedWords({ usualMs, nowMs }: Slowed, say: Say): string {
  const text = ({ value, unit }: Figure): string => `${value}\u00a0${unit}`;
  return say('metrics.slowed', { usual: text(latency(usualMs)), now: text(latency(nowMs)) });
}
