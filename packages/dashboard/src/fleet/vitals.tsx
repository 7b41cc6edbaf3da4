import type { Overview } from '../client/fleet-store.ts';
import { bytes, type Figure, latency, number, percent } from '../format.ts';
import { Spark } from '../parts/spark.tsx';
import { Told } from '../parts/told.tsx';
import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';

/** One figure of the whole fleet. */
interface VitalOf {
  readonly name: Key;
  readonly figure: Figure | undefined;
  /** Where what is counted is listed or drawn. */
  readonly href?: string;
  /** The last hour; `top` is the end of its scale, else its highest point is. */
  readonly points?: readonly (number | null)[];
  readonly top?: number | undefined;
}

/** The figures of the whole fleet, those that are kept with their last hour. */
export function Vitals({ overview, say }: { readonly overview: Overview; readonly say: Say }) {
  return (
    <dl className="vitals">
      {vitalsOf(overview, say).map((vital) => (
        <Vital key={vital.name} {...vital} say={say} />
      ))}
    </dl>
  );
}

function vitalsOf(
  { recent, calls, machine, waiting, availability }: Overview,
  say: Say,
): VitalOf[] {
  const { cpuPercent, memoryUsedBytes, memoryTotalBytes } = machine;
  return [
    {
      ...{ name: 'vital.calls', href: '/calls', points: calls.perSecond },
      figure: { value: number(recent.perSecond), unit: '' },
    },
    {
      ...{ name: 'vital.latency', href: '/metrics', points: calls.p95Ms },
      figure: recent.p95Ms === undefined ? undefined : latency(recent.p95Ms),
    },
    {
      ...{ name: 'vital.errors', href: '/calls?outcome=notOk&range=1h', points: calls.failedShare },
      figure: recent.failedShare === undefined ? undefined : percent(recent.failedShare),
    },
    {
      ...{ name: 'vital.waiting', href: '/calls' },
      figure: { value: number(waiting), unit: '' },
    },
    {
      ...{ name: 'vital.cpu', href: '/metrics', points: machine.cpu, top: 100 },
      figure: cpuPercent === undefined ? undefined : percent(cpuPercent / 100, 0),
    },
    {
      ...{ name: 'vital.memory', href: '/metrics', points: machine.memory, top: memoryTotalBytes },
      figure:
        memoryUsedBytes === undefined
          ? undefined
          : ofTotal(bytes(memoryUsedBytes), bytes(memoryTotalBytes ?? 0), say),
    },
    {
      name: 'vital.available',
      figure: availability === undefined ? undefined : percent(availability, 2),
    },
  ];
}

function ofTotal(used: Figure, total: Figure, say: Say): Figure {
  const of = say('vital.of', { total: `${total.value} ${total.unit}` });
  return { value: used.value, unit: `${used.unit} ${of}` };
}

function Vital(props: VitalOf & { readonly say: Say }) {
  const { name, say, figure, href, points, top } = props;
  return (
    <div>
      <dt>
        <Told words={say(name)} href={href} />
      </dt>
      <dd>
        {figure?.value ?? '–'}
        {figure?.unit ? <small>{figure.unit}</small> : null}
      </dd>
      {points === undefined ? null : <Spark {...{ points, top }} width={120} height={16} />}
    </div>
  );
}
