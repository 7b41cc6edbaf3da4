import type { PageNeeds } from '../page-needs.ts';
import { attempt } from './toasts.ts';

/** What a reader can do to one server. */
export type ServerAct = 'server.start' | 'server.stop' | 'server.restart';

/** What undoes an act; a restart cannot be taken back. */
const wayBack: Readonly<Partial<Record<ServerAct, ServerAct>>> = {
  'server.start': 'server.stop',
  'server.stop': 'server.start',
};

/**
 * Does it to one server and tells what became of it. What would drop calls asks first and counts
 * them; what drops none is done at once, with a way back where there is one.
 */
export async function actOnServer(
  needs: Pick<PageNeeds, 'client' | 'fleet' | 'say' | 'toasts' | 'questions'>,
  act: ServerAct,
  server: string,
): Promise<void> {
  const { client, fleet, say, toasts, questions } = needs;
  const row = fleet.state().overview?.servers.find((one) => one.server === server);
  const inFlight = row?.inFlight ?? 0;
  if (act !== 'server.start' && inFlight > 0) {
    const isWanted = await questions.ask({
      title: say(`ask.${act}`, { server }),
      lines: [say.many('ask.inFlight', inFlight), say(`ask.back.${act}`, { server })],
      act: say(`do.${act}`, { server }),
    });
    if (!isWanted) return;
  }
  const back = wayBack[act];
  await attempt(toasts, {
    work: () => client.ask(act, { servers: [server], wait: true }),
    done: say(`did.${act}`, { server }),
    failed: (reason) => say(`didNot.${act}`, { server, reason }),
    undo: back === undefined ? undefined : () => void actOnServer(needs, back, server),
  });
}
