import { Link } from 'wouter';
import { useAsk } from '../client/use-ask.ts';
import type { PageNeeds } from '../page-needs.ts';

const weekMs = 7 * 86_400_000;
const everyMs = 60_000;

/** What one could change, with the figures that speak for it. */
export function Advice(props: PageNeeds) {
  const { client, say } = props;
  const { data, failure } = useAsk(client, 'advice.list', { rangeMs: weekMs }, everyMs);
  return (
    <section className="box" aria-label={say('view.advice')}>
      <header>
        <h2>{say('view.advice')}</h2>
        <span className="faint">{say('advice.basis')}</span>
      </header>
      {data === undefined ? <p className="empty">{failure ?? say('loading')}</p> : null}
      {data?.advice.length === 0 ? <p className="empty">{say('advice.none')}</p> : null}
      <ul className="advice">
        {data?.advice.map((one) => (
          <li key={`${one.kind} ${one.server} ${one.change?.setting}`}>
            <span>{one.sentence[say.language]}</span>
            {one.server === undefined ? null : (
              <Link className="btn" href={`/servers/${encodeURIComponent(one.server)}`}>
                {one.server}
              </Link>
            )}
            {one.change === undefined ? null : (
              <Link className="btn" href="/settings">
                {say('advice.change')}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
