import { useState } from 'react';
import { Link } from 'wouter';
import { copyLink } from '../client/copy-link.ts';
import type { ServerRow } from '../client/fleet-store.ts';
import { actOnServer, type ServerAct } from '../client/server-acts.ts';
import { attempt } from '../client/toasts.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from './act.tsx';
import { Sheet } from './sheet.tsx';

/** Most instances of one server that can be asked for, as `server.scale` says. */
const instancesMax = 64;

/** Opens the menu of a server. */
export function MenuButton(props: {
  readonly server: string;
  readonly say: PageNeeds['say'];
  readonly onOpen: () => void;
}) {
  const { server, say, onOpen } = props;
  return (
    <button
      type="button"
      className="btn bare"
      aria-label={say('menu.of', { server })}
      aria-haspopup="dialog"
      onClick={onOpen}
    >
      ⋯
    </button>
  );
}

/** Everything that can be done to one server. */
export function ServerMenu(
  props: PageNeeds & { readonly server: ServerRow; readonly onClose: () => void },
) {
  const { server: row, say, onClose } = props;
  const { server } = row;
  const place = `/servers/${encodeURIComponent(server)}`;
  const acts: readonly ServerAct[] =
    row.wanted === 'running' ? ['server.restart', 'server.stop'] : ['server.start'];

  return (
    <Sheet title={server} say={say} onClose={onClose}>
      <ul className="others">
        {acts.map((act) => (
          <li key={act}>
            <Act
              className="btn bare"
              onClick={() => {
                onClose();
                void actOnServer(props, act, server);
              }}
            >
              {say(`do.${act}`, { server })}
            </Act>
          </li>
        ))}
        <li>
          <Link href={`${place}#log`} onClick={onClose}>
            {say('act.readLog')}
          </Link>
        </li>
        {row.kind === 'service' ? null : (
          <li>
            <Link href={`${place}#tools`} onClick={onClose}>
              {say('try.title')}
            </Link>
          </li>
        )}
        <li>
          <button
            type="button"
            className="btn bare"
            onClick={() => {
              onClose();
              void copyLink(props, place);
            }}
          >
            {say('menu.copy')}
          </button>
        </li>
      </ul>
      <Scale {...props} />
    </Sheet>
  );
}

/** How many of it run: a number that stays, or what its pool decides. */
function Scale(props: PageNeeds & { readonly server: ServerRow; readonly onClose: () => void }) {
  const { client, say, toasts, server: row, onClose } = props;
  const { server } = row;
  const [typed, setTyped] = useState(String(row.instances));
  const count = Number(typed);
  const isCount = Number.isInteger(count) && count >= 1 && count <= instancesMax;

  async function scale(to: number | 'auto'): Promise<void> {
    onClose();
    await attempt(toasts, {
      work: () => client.ask('server.scale', { server, count: to }),
      done: to === 'auto' ? say('did.auto', { server }) : say('did.scale', { server, count: to }),
      failed: (reason) => say('didNot.scale', { server, reason }),
    });
  }

  return (
    <form
      className="btns"
      onSubmit={(event) => {
        event.preventDefault();
        if (isCount) void scale(count);
      }}
    >
      <label>
        {say('menu.instances')}{' '}
        <input
          className="area"
          type="number"
          min={1}
          max={instancesMax}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <Act type="submit" className="btn" disabled={!isCount}>
        {say('menu.scale')}
      </Act>
      <Act type="button" className="btn" onClick={() => void scale('auto')}>
        {say('menu.auto')}
      </Act>
    </form>
  );
}
