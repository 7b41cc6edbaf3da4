import { sayWhy } from 'ringmaster/say-why';
import { useAsk } from '../client/use-ask.ts';
import { when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';

/** Deaths of a server, newest first: how it went, its last words, and what was done. */
export function Deaths({
  client,
  say,
  server,
  nowMs,
}: PageNeeds & { readonly server: string; readonly nowMs: number }) {
  const input = { subject: server, kind: 'instance.died', limit: 50 };
  const { data } = useAsk(client, 'event.list', input, 5_000);
  const deaths = (data?.events ?? []).filter((event) => event['expected'] === false);
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
                <th>{say('deaths.at')}</th>
                <th>{say('deaths.how')}</th>
                <th>{say('deaths.words')}</th>
                <th>{say('deaths.did')}</th>
              </tr>
            </thead>
            <tbody>
              {deaths.slice(0, 20).map((event) => (
                <tr key={event.seq}>
                  <td>{when(event.atMs, nowMs, say.language)}</td>
                  <td>
                    <b className="is-failed">{sayWhy(String(event['exit']), say.language)}</b>
                  </td>
                  <td className="mono wrap">{lastWords(event['lastLines'])}</td>
                  <td className="wrap">{sayWhy(String(event['next'] ?? ''), say.language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function lastWords(lines: unknown): string {
  const all = Array.isArray(lines) ? lines.map(String) : [];
  return all.findLast((line) => line.trim() !== '') ?? '–';
}
