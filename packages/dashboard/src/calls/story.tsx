import type { OutputOf } from 'ringmaster/operations';
import { sayWhy } from 'ringmaster/say-why';
import { Link } from 'wouter';
import { useAsk } from '../client/use-ask.ts';
import { clockTime, latency } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { CallOutcome } from '../parts/call-outcome.tsx';
import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';

type Told = OutputOf<'call.get'>;
type Step = Told['steps'][number];

const weekMs = 7 * 86_400_000;
/** Where the lifelines of client, Ringmaster and server stand. */
const lines = [20, 68, 116] as const;
const rowHeight = 34;

/** One call from its own start: as far as the journal knows it. */
export function Story({ client, say, id }: PageNeeds & { readonly id: number }) {
  const { data, failure } = useAsk(client, 'call.get', { call: id });
  const isThis = data?.call.id === id;
  return (
    <section className="box story" aria-label={say('story.name')}>
      {data !== undefined && isThis ? (
        <Whole client={client} say={say} told={data} />
      ) : (
        <p className="empty">{failure ?? say('loading')}</p>
      )}
    </section>
  );
}

function Whole({ client, say, told }: Pick<PageNeeds, 'client' | 'say'> & { readonly told: Told }) {
  const { call, steps } = told;
  const usual = useAsk(client, 'metric.read', {
    ...{ server: call.server, metric: 'calls', rangeMs: weekMs },
  });
  const total = usual.data?.calls[0]?.total;
  const took = shown(call.tookMs);
  return (
    <>
      <header>
        <h2>{say('story.took', { name: call.name ?? call.method, took })}</h2>
        <span className="faint mono">{call.id}</span>
        <span className="grow" />
        <Link className="btn bare" href={`/calls${location.search}`} data-key="Escape">
          {say('story.close')}
        </Link>
      </header>
      <div className="told">
        <p>
          <CallOutcome outcome={call.outcome} say={say} /> {sayWhy(call.why ?? '', say.language)}
        </p>
        {total === undefined ? null : (
          <p className="muted">{say('story.usual', { p50: shown(total.p50Ms) })}</p>
        )}
        <Share call={call} say={say} />
        <p className="faint">
          {say('story.facts', {
            ...{ server: call.server, at: clockTime(call.startedAtMs) },
            client: call.client ?? '–',
          })}
        </p>
      </div>
      <ol className="steps" aria-label={say('story.name')}>
        {steps.map((step, index) => (
          // Steps never change: their place is their name.
          <StepRow key={`${index} ${step.kind}`} step={step} call={call} say={say} />
        ))}
      </ol>
      <p className="empty faint">{say('story.known')}</p>
    </>
  );
}

/** How the time was shared, in proportion. */
function Share({ call, say }: { readonly call: Told['call']; readonly say: Say }) {
  const asked = call.askedMs ?? 0;
  const worked = Math.max(0, call.tookMs - asked);
  const part = (ms: number): string => `${((ms / Math.max(call.tookMs, 1e-9)) * 100).toFixed(2)}%`;
  return (
    <div className="share">
      <span className="worked" style={{ width: part(worked) }}>
        {call.server} {shown(worked)}
      </span>
      {asked === 0 ? null : (
        <span className="asked" style={{ width: part(asked) }}>
          {say('story.person', { took: shown(asked) })}
        </span>
      )}
    </div>
  );
}

function StepRow(props: { readonly step: Step; readonly call: Told['call']; readonly say: Say }) {
  const { step, call, say } = props;
  const isStretch = step.kind === 'worked' || step.kind === 'asked';
  return (
    <li className={isStretch ? 'stretch' : undefined}>
      <time>{isStretch ? '' : shown(step.fromMs)}</time>
      <svg width="136" height={rowHeight} viewBox={`0 0 136 ${rowHeight}`} aria-hidden="true">
        {lines.map((x) => (
          <path key={x} d={`M${x} 0v${rowHeight}`} stroke="var(--rule)" />
        ))}
        <Drawing step={step} outcome={call.outcome} />
      </svg>
      <p>
        <b>{isStretch ? `${shown(step.toMs - step.fromMs)} ` : ''}</b>
        {sentence(step, call, say)}
      </p>
    </li>
  );
}

function Drawing({ step, outcome }: { readonly step: Step; readonly outcome: string }) {
  const y = rowHeight / 2;
  const [client, ringmaster, server] = lines;
  const end = outcome === 'ok' ? 'var(--ready)' : 'var(--failed)';
  switch (step.kind) {
    case 'received':
      return <Arrow from={client} to={ringmaster} color="var(--ink)" />;
    case 'ended':
      return <Arrow from={ringmaster} to={client} color={end} />;
    case 'worked':
      return <rect x={server - 4} width="8" height={rowHeight} fill="var(--ink-2)" />;
    case 'asked':
      return <rect x={client - 4} width="8" height={rowHeight} fill="var(--starting)" />;
    case 'server':
      return <path d={`M${server} ${y - 6}l6 6-6 6-6-6z`} fill="var(--failed)" />;
  }
}

function Arrow(props: { readonly from: number; readonly to: number; readonly color: string }) {
  const { from, to, color } = props;
  const y = rowHeight / 2;
  const back = to > from ? -6 : 6;
  return (
    <path
      d={`M${from} ${y}H${to}m${back} -4L${to} ${y}l${back} 4`}
      fill="none"
      stroke={color}
      strokeWidth="1.5"
    />
  );
}

function sentence(step: Step, call: Told['call'], say: Say): string {
  const text = sayWhy(step.text, say.language);
  const fills = { name: call.name ?? call.method, server: call.server, text };
  if (step.kind === 'ended') {
    const word = say(`outcome.${call.outcome}` as Key);
    return text === '' ? word : `${word} (${text})`;
  }
  if (step.kind === 'server') return [step.event, text].filter(Boolean).join(': ');
  return say(`story.${step.kind}`, fills);
}

function shown(ms: number): string {
  const { value, unit } = latency(ms);
  return `${value}\u00a0${unit}`;
}
