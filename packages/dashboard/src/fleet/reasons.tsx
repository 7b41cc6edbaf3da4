import { Link } from 'wouter';
import type { PageNeeds } from '../app.tsx';
import type { Overview, ServerRow } from '../client/fleet-store.ts';
import { duration, when } from '../format.ts';
import { Glyph } from '../parts/glyph.tsx';
import type { Say } from '../words/say.ts';

/** What needs a person: what and why, since when, what was done about it, and the next step. */
export function Reasons(
  props: PageNeeds & { readonly overview: Overview; readonly servers: readonly ServerRow[] },
) {
  const { servers, overview, say } = props;
  if (servers.length === 0) return null;
  return (
    <section className="reasons" aria-label={say('filter.need')}>
      <div className="cap" aria-hidden="true">
        <span>{say('reason.server')}</span>
        <span>{say('reason.why')}</span>
        <span>{say('reason.since')}</span>
        <span>{say('reason.done')}</span>
        <span>{say('reason.move')}</span>
      </div>
      {servers.map((server) => (
        <Reason key={server.server} {...props} server={server} nowMs={overview.nowMs} />
      ))}
    </section>
  );
}

function Reason(props: PageNeeds & { readonly server: ServerRow; readonly nowMs: number }) {
  const { server, nowMs, say, client } = props;
  const { state } = server;
  if (state !== 'failed' && state !== 'sick' && state !== 'waiting') return null;
  const start = (): void => {
    void client.ask('server.restart', { servers: [server.server], wait: false });
  };
  const lastLine = server.lastDeath?.lastLines.findLast((line) => line.trim() !== '');
  return (
    <article className="reason">
      <div className="name">
        <span className={`is-${state}`}>
          <Glyph state={state} size={18} />
        </span>
        <div>
          <b>{server.server}</b>
          <span className={`is-${state} strong`}>{say(`state.${state}`)}</span>
        </div>
      </div>
      <div className="why">
        {server.why}
        {lastLine === undefined ? null : <span className="quote">{lastLine}</span>}
      </div>
      <div className="since">
        <b>{duration(nowMs - server.sinceMs, say.time)}</b>
        <span className="faint">
          {say('reason.sinceTime', { time: when(server.sinceMs, nowMs, say.language) })}
        </span>
      </div>
      <div className="done">{doneSoFar(server, nowMs, say)}</div>
      <div className="btns">
        <Link className="btn main" href={`/servers/${server.server}#log`}>
          {say('act.readLog')}
        </Link>
        <Link className="btn" href={`/servers/${server.server}`}>
          {say('act.see')}
        </Link>
        <button type="button" className="btn opt" onClick={start}>
          {say(state === 'sick' ? 'act.restart' : 'act.start')}
        </button>
      </div>
    </article>
  );
}

function doneSoFar(server: ServerRow, nowMs: number, say: Say): string {
  const { nextTryAtMs, restarts } = server;
  const sentences = restarts > 0 ? [say.many('reason.restarted', restarts)] : [];
  if (nextTryAtMs !== undefined && nextTryAtMs > nowMs) {
    const isSoon = nextTryAtMs - nowMs < 60_000;
    sentences.push(
      isSoon
        ? say('reason.startsIn', { duration: duration(nextTryAtMs - nowMs, say.time) })
        : say('reason.tries', { time: when(nextTryAtMs, nowMs, say.language) }),
    );
  }
  return sentences.length === 0
    ? say('reason.nothing')
    : sentences.join(say.language === 'ja' ? '' : ' ');
}
