import type { ReactNode } from 'react';
import type { Overview } from '../client/fleet-store.ts';
import { bytes, type Figure, latency, number, percent } from '../format.ts';
import { Spark } from '../parts/spark.tsx';
import { Told } from '../parts/told.tsx';
import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';

/** The six or seven figures of the whole fleet, with their last hour. */
export function Vitals({ overview, say }: { readonly overview: Overview; readonly say: Say }) {
  const { recent, machine, waiting, availability } = overview;
  const memory = machine.memoryUsedBytes === undefined ? undefined : bytes(machine.memoryUsedBytes);
  const total = bytes(machine.memoryTotalBytes ?? 0);
  return (
    <dl className="vitals">
      <Vital
        name="vital.calls"
        say={say}
        href="/calls"
        figure={{ value: number(recent.perSecond), unit: '' }}
      />
      <Vital
        name="vital.latency"
        href="/metrics"
        say={say}
        figure={recent.p95Ms === undefined ? undefined : latency(recent.p95Ms)}
      />
      <Vital
        name="vital.errors"
        href="/calls?outcome=notOk&range=1h"
        say={say}
        figure={recent.failedShare === undefined ? undefined : percent(recent.failedShare)}
      />
      <Vital
        name="vital.waiting"
        say={say}
        href="/calls"
        figure={{ value: number(waiting), unit: '' }}
      />
      <Vital
        name="vital.cpu"
        href="/metrics"
        say={say}
        figure={machine.cpuPercent === undefined ? undefined : percent(machine.cpuPercent / 100, 0)}
      >
        <Spark points={machine.cpu} limit={100} width={120} height={16} />
      </Vital>
      <Vital
        name="vital.memory"
        href="/metrics"
        say={say}
        figure={
          memory && {
            value: memory.value,
            unit: `${memory.unit} ${say('vital.of', { total: `${total.value} ${total.unit}` })}`,
          }
        }
      >
        <Spark points={machine.memory} limit={machine.memoryTotalBytes} width={120} height={16} />
      </Vital>
      <Vital
        name="vital.available"
        say={say}
        figure={availability === undefined ? undefined : percent(availability, 2)}
      />
    </dl>
  );
}

function Vital(props: {
  readonly name: Key;
  readonly say: Say;
  readonly figure: Figure | undefined;
  /** Where what is counted is listed or drawn. */
  readonly href?: string;
  readonly children?: ReactNode;
}) {
  const { name, say, figure, href, children } = props;
  return (
    <div>
      <dt>
        <Told words={say(name)} href={href} />
      </dt>
      <dd>
        {figure?.value ?? '–'}
        {figure?.unit ? <small>{figure.unit}</small> : null}
      </dd>
      {children}
    </div>
  );
}
