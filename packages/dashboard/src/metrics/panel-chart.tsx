import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { number } from '../format.ts';
import { ticks } from '../parts/paths.ts';
import type { Line, Panel } from './panels.ts';

const height = 96;
const axisWidth = 58;
/** A drag shorter than this is a click. */
const dragMin = 5;
const dashes: Readonly<Partial<Record<Line['look'], number[]>>> = {
  ...{ dashed: [5, 3], dotted: [2, 3] },
};

interface ChartNeeds {
  readonly panel: Panel;
  readonly fromMs: number;
  readonly toMs: number;
  /** Where the crosshair of all panels stands. */
  readonly cursorMs: number | undefined;
  readonly onCursor: (atMs: number | undefined) => void;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

/** One small chart; crosshair and zoom are shared with the others by time. */
export function PanelChart(props: ChartNeeds & { readonly label: string }) {
  const { panel, fromMs, toMs, cursorMs, label } = props;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const shape = `${panel.name} ${panel.lines.map(({ label, look }) => label + look).join()} ${pastLines(panel).length}`;

  // `shape` stands for the panel's lines: a chart with others is another chart.
  useEffect(() => {
    const host = box.current;
    if (host === null) return;
    const made = makeChart(host, () => latest.current);
    chart.current = made;
    const sized = new ResizeObserver(() => made.setSize({ width: host.clientWidth, height }));
    sized.observe(host);
    // Colours are read when drawn, so a change of the theme only needs another drawing.
    const themed = new MutationObserver(() => made.redraw(false));
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      sized.disconnect();
      themed.disconnect();
      made.destroy();
    };
  }, [shape]);

  // `shape`: a chart made anew is drawn, too.
  useEffect(() => {
    chart.current?.batch(() => {
      chart.current?.setData(dataOf(panel), false);
      chart.current?.setScale('x', { min: fromMs, max: toMs });
    });
  }, [panel, fromMs, toMs, shape]);

  useEffect(() => {
    const left = cursorMs === undefined ? -10 : (chart.current?.valToPos(cursorMs, 'x') ?? -10);
    chart.current?.setCursor({ left, top: -10 }, false);
  }, [cursorMs]);

  return <div className="chart" ref={box} role="img" aria-label={label} />;
}

function dataOf(panel: Panel): uPlot.AlignedData {
  return [
    [...panel.atMs],
    ...panel.lines.map(({ values }) => [...values]),
    ...pastLines(panel).map((past) => [...past]),
  ];
}

/** The main line alone is drawn as it was a week before: more would hide what is. */
function pastLines({ lines }: Panel): (readonly (number | null)[])[] {
  return lines.flatMap(({ look, past }) => (look === 'bold' && past !== undefined ? [past] : []));
}

function makeChart(host: HTMLElement, latest: () => ChartNeeds): uPlot {
  const { panel, fromMs, toMs } = latest();
  const color = (name: string) => () => colorOf(host, name);
  const chart = new uPlot(
    {
      width: host.clientWidth || 600,
      ...{ height, ms: 1, legend: { show: false }, padding: [8, 0, 0, 0] },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: {
        x: { time: true, min: fromMs, max: toMs, auto: false },
        y: panel.isLog ? { distr: 3 } : { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] },
      },
      axes: [
        {
          stroke: color('--ink-3'),
          grid: { stroke: color('--hair'), width: 1 },
          ticks: { show: false },
          size: 4,
          splits: () => ticks(latest().fromMs, latest().toMs, 7),
          values: (_, splits) => splits.map(() => ''),
        },
        {
          stroke: color('--ink-3'),
          font: '11px "Hyperlegible", sans-serif',
          grid: { show: false },
          ticks: { show: false },
          size: axisWidth,
          space: 30,
          values: (_, splits) => splits.map((value) => (value === null ? '' : short(value))),
        },
      ],
      series: [
        {},
        ...panel.lines.map(({ look }) => ({
          stroke: color(look === 'bad' ? '--failed' : look === 'thin' ? '--ink-3' : '--ink'),
          width: look === 'bold' || look === 'bad' ? 1.6 : 1.1,
          ...(dashes[look] === undefined ? {} : { dash: dashes[look] }),
          points: { show: true, size: 4, filter: alonePoints },
        })),
        ...pastLines(panel).map(() => ({
          ...{ stroke: color('--ink-3'), width: 1, dash: [2, 3], points: { show: false } },
        })),
      ],
      hooks: { setSelect: [(made) => zoom(made, latest)] },
    },
    dataOf(panel),
    host,
  );
  chart.over.addEventListener('pointermove', ({ offsetX }) =>
    latest().onCursor(chart.posToVal(offsetX, 'x')),
  );
  chart.over.addEventListener('pointerleave', () => latest().onCursor(undefined));
  return chart;
}

function zoom(chart: uPlot, latest: () => ChartNeeds): void {
  const { left, width } = chart.select;
  if (width < dragMin) return;
  latest().onZoom(chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x'));
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** A value between two gaps is no line: it is drawn as a point. */
function alonePoints(chart: uPlot, series: number): number[] {
  const values = chart.data[series] ?? [];
  const isKnown = (index: number): boolean => typeof values[index] === 'number';
  return Array.from(values.keys()).filter(
    (index) => isKnown(index) && !isKnown(index - 1) && !isKnown(index + 1),
  );
}

/** A canvas knows no custom properties: the colour is asked of an element that has it. */
function colorOf(host: HTMLElement, name: string): string {
  host.style.color = `var(${name})`;
  return getComputedStyle(host).color;
}

function short(value: number): string {
  if (value >= 1e9) return `${number(value / 1e9)} G`;
  if (value >= 1e6) return `${number(value / 1e6)} M`;
  return number(value);
}
