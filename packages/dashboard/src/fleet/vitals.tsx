import type { ReactNode } from 'react';
import type { Overview } from '../client/fleet-store.ts';
import { bytes, type Figure, latency, number, percent } from '../format.ts';
import { Spark } from '../parts/spark.tsx';
import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';

/** The six or seven figures of the whole fleet, with their last hour. */
export function Vitals({ overview, say }: { readonly overview: Overview; readonly say: Say }) {
  const { recent, machine, waiting, availability } = overview;
  const memory = machine.memoryUsedBytes === undefined ? undefined : bytes(machine.memoryUsedBytes);
  const total = bytes(machine.memoryTotalBytes ?? 0);
  return (
    <dl className="vitals">
      <Vital name="vital.calls" say={say} figure={{ value: number(recent.perSecond), unit: '' }} />
      <Vital
        name="vital.latency"
        say={say}
        figure={recent.p95Ms === undefined ? undefined : latency(recent.p95Ms)}
      />
      <Vital
        name="vital.errors"
        say={say}
        figure={recent.failedShare === undefined ? undefined : percent(recent.failedShare)}
      />
      <Vital name="vital.waiting" say={say} figure={{ value: number(waiting), unit: '' }} />
      <Vital
        name="vital.cpu"
        say={say}
        figure={machine.cpuPercent === undefined ? undefined : percent(machine.cpuPercent / 100, 0)}
      >
        <Spark points={machine.cpu} limit={100} width={120} height={16} />
      </Vital>
      <Vital
        name="vital.memory"
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
  readonly children?: ReactNode;
}) {
  const { name, say, figure, children } = props;
  return (
    <div>
      <dt>{say(name)}</dt>
      <dd>
        {figure?.value ?? '–'}
        {figure?.unit ? <small>{figure.unit}</small> : null}
      </dd>
      {children}
    </div>
  );
}
