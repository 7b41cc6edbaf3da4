import { useState } from 'react';
import { sayWhy } from 'ringmaster/say-why';
import { when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from '../parts/act.tsx';
import { testNotifier } from './alert-acts.ts';
import type { AlertList } from './rule-words.ts';

type NotifierRow = AlertList['notifiers'][number];

/** Who is told, whether that works, and a test for each. */
export function NotifierTable(
  props: PageNeeds & { readonly notifiers: readonly NotifierRow[]; readonly nowMs: number },
) {
  const { notifiers, say } = props;
  if (notifiers.length === 0) {
    return (
      <section className="box" aria-label={say('view.notifiers')}>
        <p className="empty">{say('notifiers.none')}</p>
      </section>
    );
  }
  return (
    <section className="box scroll" tabIndex={0} aria-label={say('view.notifiers')}>
      <table className="notifiers">
        <thead>
          <tr>
            <th>{say('notifiers.name')}</th>
            <th>{say('notifiers.kind')}</th>
            <th>{say('notifiers.standing')}</th>
            <th>{say('notifiers.last')}</th>
            <th>
              <span className="sr">{say('act.test')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {notifiers.map((row) => (
            <Row key={row.notifier} {...props} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row(props: PageNeeds & { readonly row: NotifierRow; readonly nowMs: number }) {
  const { row, nowMs, say } = props;
  const { notifier, kind, lastOkAtMs, failing } = row;
  const [isTesting, setIsTesting] = useState(false);
  const time = (ms: number): string => when(ms, nowMs, say.language);
  return (
    <tr>
      <td className="strong">{notifier}</td>
      <td className="muted">{kind}</td>
      <td className="wrap">
        {failing === undefined ? (
          say(lastOkAtMs === undefined ? 'notifiers.unused' : 'notifiers.works')
        ) : (
          <>
            <span className="is-failed strong">
              {say.many('notifiers.failing', failing.tries, { time: time(failing.sinceMs) })}
            </span>{' '}
            {sayWhy(failing.why, say.language)}{' '}
            <span className="muted">
              {failing.nextTryAtMs === undefined
                ? say('notifiers.givenUp')
                : say('reason.tries', { time: time(failing.nextTryAtMs) })}
            </span>
          </>
        )}
      </td>
      <td className="muted">{lastOkAtMs === undefined ? '–' : time(lastOkAtMs)}</td>
      <td className="num">
        <Act
          type="button"
          className="btn"
          data-row=""
          disabled={isTesting}
          onClick={async () => {
            setIsTesting(true);
            await testNotifier(props, notifier);
            setIsTesting(false);
          }}
        >
          {say(isTesting ? 'act.testing' : 'act.test')}
        </Act>
      </td>
    </tr>
  );
}
