import type { OutputOf } from 'ringmaster/operations';
import { useAsk } from '../client/use-ask.ts';
import { bytes, number } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import type { Say } from '../words/say.ts';

const rangeMs = 30 * 86_400_000;
const everyMs = 60_000;

type Plan = OutputOf<'advice.capacity'>;
type Growth = Plan['growth'][number];

/** How what can run out grows, when it runs out, and what one more instance of each server would need. */
export function Capacity(props: PageNeeds) {
  const { client, say } = props;
  const { data, failure } = useAsk(client, 'advice.capacity', { rangeMs }, everyMs);
  if (data === undefined) {
    return (
      <section className="box" aria-label={say('view.capacity')}>
        <p className="empty">{failure ?? say('loading')}</p>
      </section>
    );
  }
  return (
    <div className="stack">
      <section className="box" aria-label={say('view.capacity')}>
        <header>
          <h2>{say('view.capacity')}</h2>
          <span className="faint">{say('capacity.basis', { days: data.daysNeeded })}</span>
        </header>
        <GrowthTable plan={data} say={say} />
      </section>
      <section className="box" aria-label={say('capacity.more')}>
        <header>
          <h2>{say('capacity.more')}</h2>
        </header>
        {data.secondInstance.length === 0 ? (
          <p className="empty">{say('capacity.noMore')}</p>
        ) : (
          <ul className="advice">
            {data.secondInstance.map(({ server, memoryBytes, machinePercent, fits }) => (
              <li key={server}>
                <b>{server}</b>
                <span className={fits ? undefined : 'is-failed'}>
                  {say(fits ? 'capacity.fits' : 'capacity.tooBig', {
                    memory: size(memoryBytes),
                    percent: number(machinePercent),
                  })}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

function GrowthTable({ plan, say }: { readonly plan: Plan; readonly say: Say }) {
  return (
    <section className="scroll" tabIndex={0} aria-label={say('capacity.growth')}>
      <table className="told">
        <thead>
          <tr>
            <th>{say('table.server')}</th>
            <th>{say('capacity.figure')}</th>
            <th>{say('capacity.course')}</th>
            <th className="num">{say('table.now')}</th>
            <th className="num">{say('capacity.perDay')}</th>
            <th>{say('capacity.full')}</th>
          </tr>
        </thead>
        <tbody>
          {plan.growth.map((growth) => (
            <tr key={`${growth.server} ${growth.figure}`}>
              <td className="strong">{growth.server ?? say('alerts.machine')}</td>
              <td>{say(`figure.${growth.figure}`)}</td>
              <td className="muted">
                {say(`capacity.${growth.state}`, { days: growth.days, needed: plan.daysNeeded })}
              </td>
              <td className="num">{text(growth, growth.now)}</td>
              <td className="num">{text(growth, growth.perDay)}</td>
              <td>{growth.state === 'grows' ? fullOf(growth, say) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function text({ figure }: Growth, value: number | undefined): string {
  if (value === undefined) return '–';
  const sign = value < 0 ? '−' : '';
  const amount = Math.abs(value);
  if (figure === 'memoryBytes') return `${sign}${size(amount)}`;
  return figure === 'sessions' ? `${sign}${number(amount)}` : `${sign}${number(amount)}\u00a0%`;
}

function size(count: number): string {
  const { value, unit } = bytes(count);
  return `${value}\u00a0${unit}`;
}

function fullOf({ limitAtMs, earliestMs, latestMs }: Growth, say: Say): string {
  const day = (atMs: number | undefined): string =>
    atMs === undefined
      ? say('capacity.never')
      : new Date(atMs).toLocaleDateString(say.language, { dateStyle: 'medium' });
  if (limitAtMs === undefined) return say('capacity.never');
  return say('capacity.between', {
    ...{ at: day(limitAtMs), earliest: day(earliestMs), latest: day(latestMs) },
  });
}
