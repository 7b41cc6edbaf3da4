import type { Capacity } from '../../reporting/capacity.ts';
import { formatBytes, formatPercent, formatTime, localOffsetMinutes } from './format.ts';
import type { MessageKey } from './messages/say.ts';
import { nothing } from './server-words.ts';
import { renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

type Growth = Capacity['growth'][number];

/** How what can run out grows, a row a figure; then what one more instance of each server needs. */
export function tellCapacity(capacity: Capacity, terminal: Terminal): void {
  const { say } = terminal;
  terminal.result(
    renderTable(
      [
        { heading: say('column.server') },
        { heading: say('column.figure') },
        { heading: say('column.course') },
        { heading: say('column.now'), align: 'right' },
        { heading: say('column.perDay'), align: 'right' },
        { heading: say('column.full') },
      ],
      capacity.growth.map((growth) => rowOf(growth, capacity.daysNeeded, terminal)),
      terminal.widthColumns,
    ),
  );
  for (const { server, memoryBytes, machinePercent, fits } of capacity.secondInstance) {
    const values = {
      server,
      memory: formatBytes(memoryBytes),
      percent: formatPercent(machinePercent),
    };
    terminal.result(say(fits ? 'capacity.fits' : 'capacity.tooBig', values));
  }
}

function rowOf(growth: Growth, needed: number, { say }: Terminal): string[] {
  const { server, figure, days, state, now, perDay } = growth;
  const text = (value: number | undefined) => {
    if (value === undefined) return nothing;
    const size = Math.abs(value);
    const told =
      figure === 'memoryBytes' ? formatBytes(size) : `${size.toFixed(2)}${unitOf(figure)}`;
    return value < 0 ? `-${told}` : told;
  };
  return [
    server ?? say('capacity.machine'),
    say(`metric.${figure}` as MessageKey & `metric.${string}`),
    state === 'tooLittle' ? say('capacity.tooLittle', { days, needed }) : say(`capacity.${state}`),
    ...[text(now), text(perDay)],
    state === 'grows' ? fullOf(growth, say) : nothing,
  ];
}

function unitOf(figure: Growth['figure']): string {
  return figure === 'sessions' ? '' : ' %';
}

function fullOf({ limitAtMs, earliestMs, latestMs }: Growth, say: Terminal['say']): string {
  if (limitAtMs === undefined) return say('capacity.never');
  const day = (atMs: number | undefined) =>
    atMs === undefined
      ? say('capacity.never')
      : formatTime(atMs, localOffsetMinutes(atMs)).slice(0, 10);
  const values = { at: day(limitAtMs), earliest: day(earliestMs), latest: day(latestMs) };
  return say('capacity.between', values);
}
