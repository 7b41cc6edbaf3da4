import { useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { PageNeeds } from '../app.tsx';
import { useAsk } from '../client/use-ask.ts';
import { useFleet } from '../client/use-fleet.ts';
import { bytes, type Figure, latency, number, percent, when } from '../format.ts';
import { PanelChart } from '../metrics/panel-chart.tsx';
import { type Line, type Panel, panelsOf, valueAt } from '../metrics/panels.ts';
import { LaneAxis } from '../parts/lane.tsx';
import { ticks } from '../parts/paths.ts';
import { RangeChoice, rangeOf } from '../parts/range-choice.tsx';
import type { Say } from '../words/say.ts';

const hourMs = 3_600_000;
const ranges = [hourMs, 6 * hourMs, 24 * hourMs, 168 * hourMs, 720 * hourMs] as const;
const everyMs = 10_000;

/** Figures over time: small charts on one axis, one crosshair, values beside. */
export function MetricsPage(needs: PageNeeds) {
  const { fleet, say } = needs;
  const { overview } = useFleet(fleet);
  const view = useView();
  const panels = usePanels(needs, view);
  const [cursorMs, setCursorMs] = useState<number>();
  const verdict = verdictOf(panels?.[0], panels?.[2], say);
  useEffect(() => {
    document.title = `${verdict} – ${overview?.fleet ?? ''} – Ringmaster`;
  }, [verdict, overview?.fleet]);
  const { fromMs, toMs } = panels?.[0] === undefined ? view.span : spanOf(panels[0], view.span);
  const move = (steps: number): void => {
    const stepMs = (toMs - fromMs) / 200;
    setCursorMs(Math.min(toMs, Math.max(fromMs, (cursorMs ?? toMs) + steps * stepMs)));
  };
  return (
    <>
      <div className="head auto">
        <h1 aria-live="polite">{verdict}</h1>
      </div>
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
        <span className="grow" />
        {view.isZoomed ? (
          <button type="button" className="btn bare" onClick={() => view.set({ from: '', to: '' })}>
            {say('metrics.undo')}
          </button>
        ) : null}
        <RangeChoice
          {...{ ranges, say, rangeMs: view.isZoomed ? 0 : view.rangeMs }}
          onChoose={(range) => view.set({ range, from: '', to: '' })}
        />
      </div>
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
            <LaneAxis {...{ fromMs, toMs, say }} ticks={ticks(fromMs, toMs, 7)} />
          </div>
          <span className="num faint">
            {cursorMs === undefined ? say('metrics.newest') : when(cursorMs, toMs, say.language)}
          </span>
        </div>
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
      <p className="foot desk">{say('metrics.foot')}</p>
    </>
  );
}

interface View {
  readonly server: string;
  readonly rangeMs: number;
  readonly isZoomed: boolean;
  readonly span: { readonly fromMs: number; readonly toMs: number };
  readonly set: (change: Readonly<Record<string, string>>) => void;
}

/** What the address asks for. */
function useView(): View {
  const [query, setQuery] = useSearchParams();
  const [nowMs] = useState(Date.now);
  const rangeMs = rangeOf(query.get('range'), ranges, 6 * hourMs);
  const [from, to] = [Number(query.get('from')), Number(query.get('to'))];
  const isZoomed = from > 0 && to > from;
  return {
    ...{ rangeMs, isZoomed, server: query.get('server') ?? '' },
    span: isZoomed ? { fromMs: from, toMs: to } : { fromMs: nowMs - rangeMs, toMs: nowMs },
    set(change) {
      setQuery((before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change))
          if (value === '') next.delete(name);
          else next.set(name, value);
        return next;
      });
    },
  };
}

function usePanels({ client }: PageNeeds, view: View): Panel[] | undefined {
  const time = view.isZoomed ? view.span : { rangeMs: view.rangeMs };
  const again = view.isZoomed ? undefined : everyMs;
  const one = view.server === '' ? undefined : view.server;
  const subject = { server: one ?? 'all', ...time };
  const machine = useAsk(client, 'metric.read', { metric: 'cpuPercent', ...time }, again).data;
  const calls = useAsk(client, 'metric.read', { metric: 'calls', ...subject }, again).data;
  const memory = useAsk(client, 'metric.read', { metric: 'memoryBytes', ...subject }, again).data;
  const ofOne = one === undefined ? undefined : { server: one, metric: 'cpuPercent', ...time };
  const cpu = useAsk(client, 'metric.read', ofOne, again).data;
  return useMemo(() => {
    if (machine === undefined || calls === undefined || memory === undefined) return undefined;
    return panelsOf({ machine, calls, memory, cpu: one === undefined ? undefined : cpu });
  }, [machine, calls, memory, cpu, one]);
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
              </dd>
            </div>
          );
        })}
      </dl>
    </div>
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

function verdictOf(calls: Panel | undefined, notDone: Panel | undefined, say: Say): string {
  if (calls === undefined || notDone === undefined) return say('loading');
  const sum = (panel: Panel): number =>
    (panel.lines[0]?.values ?? []).reduce((total: number, value) => total + (value ?? 0), 0);
  const [all, bad] = [sum(calls), sum(notDone)];
  if (all === 0) return say('metrics.verdict.none');
  if (bad === 0) return say('metrics.verdict.good');
  return say('metrics.verdict.bad', { share: percent(bad / all).value });
}
