import type { Follow } from '../../journal/followers.ts';
import type { ControlNeeds } from './control-server.ts';
import { urisOf } from './resources.ts';

/** Open `subscriptions/listen` streams at one time. */
const streamsMax = 100;

/** The control server, ready to answer. */
export interface Serving {
  fetch(request: Request): Promise<Response>;
  close(): void;
}

/** Loads the SDK and serves both eras; who listens hears when a process changes. */
export async function createServing(needs: ControlNeeds, follow: Follow): Promise<Serving> {
  const [{ createMcpHandler }, { createControlServer }] = await Promise.all([
    import('@modelcontextprotocol/server'),
    import('./control-server.ts'),
  ]);
  const handler = createMcpHandler(() => createControlServer(needs), {
    maxSubscriptions: streamsMax,
  });
  const unfollow = follow((events) => {
    const changed = events.filter(({ kind }) => kind.startsWith('instance.'));
    for (const server of new Set(changed.map(({ subject }) => subject)))
      for (const uri of urisOf(server)) handler.notify.resourceUpdated(uri);
    if (events.some(({ kind }) => kind === 'fleet.applied')) handler.notify.resourcesChanged();
  });
  return {
    fetch: (request) => handler.fetch(request),
    close() {
      unfollow();
      void handler.close();
    },
  };
}
