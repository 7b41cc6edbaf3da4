import { useState } from 'react';
import type { OutputOf } from 'ringmaster/operations';
import { Link } from 'wouter';
import { attempt } from '../client/toasts.ts';
import { when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from '../parts/act.tsx';
import { diffLines } from '../settings/diff.ts';
import { entryText } from './entry-text.ts';

type Waiting = OutputOf<'approval.list'>['waiting'][number];

/** A server whose entry may not run before a person says so: what it would run, and what is new in it. */
export function ApprovalCard(
  props: PageNeeds & {
    readonly waiting: Waiting;
    /** The keys act on the first card. */
    readonly isFirst: boolean;
    readonly onDone: () => void;
  },
) {
  const { client, toasts, say, waiting, isFirst, onDone } = props;
  const { server } = waiting;
  const [isBusy, setIsBusy] = useState(false);

  async function approve(): Promise<void> {
    setIsBusy(true);
    await attempt(toasts, {
      work: () => client.ask('server.approve', { servers: [server] }),
      done: say('approvals.did', { server }),
      failed: (reason) => say('approvals.didNot', { server, reason }),
    });
    setIsBusy(false);
    onDone();
  }

  return (
    <article className="card" aria-label={server}>
      <Head waiting={waiting} say={say} />
      <Difference waiting={waiting} say={say} />
      <p className="sec muted">{say('approvals.consequence', { server })}</p>
      <div className="sec btns">
        <Link className="btn" href={`/servers/${encodeURIComponent(server)}`}>
          {say('approvals.look')}
        </Link>
        <Link className="btn" href="/settings">
          {say('approvals.file')}
        </Link>
        <span className="grow" />
        <Act
          type="button"
          className="btn main"
          disabled={isBusy}
          data-key={isFirst ? 'y' : undefined}
          onClick={() => void approve()}
        >
          {say(isBusy ? 'approvals.approving' : 'approvals.approve')}
          {isFirst ? <kbd>y</kbd> : null}
        </Act>
      </div>
    </article>
  );
}

function Head({ waiting, say }: { readonly waiting: Waiting } & Pick<PageNeeds, 'say'>) {
  const { server, why, sinceMs } = waiting;
  return (
    <header>
      <span className="is-high">
        <svg width="18" height="18" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 1.5 15.2 14H.8z" fill="currentColor" />
          <path d="M8 6v3.6M8 11.2v1.2" stroke="var(--sheet)" strokeWidth="1.6" />
        </svg>
      </span>
      <div className="grow">
        <h2>{say(`approvals.title.${why}`, { server })}</h2>
        <p className="muted">
          {sinceMs === undefined
            ? say('approvals.notTried')
            : say('approvals.since', { time: when(sinceMs, Date.now(), say.language) })}
        </p>
      </div>
    </header>
  );
}

function Difference({ waiting, say }: { readonly waiting: Waiting } & Pick<PageNeeds, 'say'>) {
  const { now, before, changed } = waiting;
  const value = { now: say('approvals.newValue'), before: say('approvals.oldValue') };
  const same = say('approvals.value');
  const after = entryText(now, { changed, value: value.now, same });
  const lines =
    before === undefined
      ? after.split('\n').map((text) => ({ sign: ' ' as const, text }))
      : diffLines(entryText(before, { changed, value: value.before, same }), after);
  return (
    <section className="sec diff" aria-label={say('settings.diff')} tabIndex={0}>
      {lines.map(({ sign, text }, index) => (
        // The lines of one difference never move.
        <div
          key={`${index} ${text}`}
          className={sign === '+' ? 'added' : sign === '-' ? 'gone' : ''}
        >
          {sign} {text}
        </div>
      ))}
    </section>
  );
}
