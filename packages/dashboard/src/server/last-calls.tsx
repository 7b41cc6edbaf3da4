import type { OutputOf } from 'ringmaster/operations';
import { sayWhy } from 'ringmaster/say-why';
import { useAsk } from '../client/use-ask.ts';
import { clockTime, latency } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { CallOutcome } from '../parts/call-outcome.tsx';

type Event = OutputOf<'event.list'>['events'][number];

/** The newest calls of a server. */
export function LastCalls({
  client,
  say,
  server,
  count = 10,
}: PageNeeds & { readonly server: string; readonly count?: number }) {
  const input = { subject: server, kind: 'call.finished', limit: count };
  const { data } = useAsk(client, 'event.list', input, 2_000);
  const calls = data?.events ?? [];
  return (
    <section className="box" aria-label={say('server.lastCalls')}>
      <header>
        <h2>{say('server.lastCalls')}</h2>
      </header>
      {calls.length === 0 ? (
        <p className="empty">{say('calls.none')}</p>
      ) : (
        <div className="scroll" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th>{say('calls.at')}</th>
                <th>{say('calls.outcome')}</th>
                <th>{say('calls.what')}</th>
                <th>{say('calls.client')}</th>
                <th className="num">{say('calls.took')}</th>
              </tr>
            </thead>
            <tbody>
              {calls.map((call) => (
                <CallRow key={call.seq} call={call} say={say} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function CallRow({ call, say }: { readonly call: Event; readonly say: PageNeeds['say'] }) {
  const took = latency(Number(call['tookMs']));
  const why = call['why'];
  return (
    <tr>
      <td>{clockTime(call.atMs)}</td>
      <td className="cut">
        <CallOutcome outcome={String(call['outcome'])} say={say} />
        {why === undefined ? null : (
          <span className="faint"> {sayWhy(String(why), say.language)}</span>
        )}
      </td>
      <td className="mono">{String(call['name'] ?? call['method'])}</td>
      <td>{String(call['client'] ?? '–')}</td>
      <td className="num">
        {took.value}
        <span className="unit">{`\u00a0${took.unit}`}</span>
      </td>
    </tr>
  );
}
