import { sayWhy } from 'ringmaster/say-why';
import type { Death } from '../client/use-deaths.ts';
import { when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';

/** Most rows of the table. */
const shownMax = 20;

/** Deaths of a server, newest first: how it went, its last words, and what was done. */
export function Deaths(
  props: Pick<PageNeeds, 'say'> & { readonly deaths: readonly Death[]; readonly nowMs: number },
) {
  const { say, deaths, nowMs } = props;
  return (
    <section className="box" aria-label={say('server.deaths')}>
      <header>
        <h2>{say('server.deaths')}</h2>
      </header>
      {deaths.length === 0 ? (
        <p className="empty">{say('deaths.none')}</p>
      ) : (
        <div className="scroll" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th>#</th>
                <th>{say('deaths.at')}</th>
                <th>{say('deaths.how')}</th>
                <th>{say('deaths.words')}</th>
                <th>{say('deaths.did')}</th>
              </tr>
            </thead>
            <tbody>
              {deaths.slice(0, shownMax).map(({ number, seq, atMs, exit, words, next }) => (
                <tr key={seq}>
                  <td>
                    <b>{number}</b>
                  </td>
                  <td>{when(atMs, nowMs, say.language)}</td>
                  <td className="wrap">
                    <b className="is-failed">{sayWhy(exit, say.language)}</b>
                  </td>
                  <td className="mono wrap">{words ?? '–'}</td>
                  <td className="wrap">{sayWhy(next, say.language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
