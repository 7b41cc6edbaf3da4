import type { InstanceView } from '../../supervisor/instance.ts';
import { answerJson, answerProblem } from './answers.ts';
import type { Door } from './api.ts';

/**
 * `/health/live`: 200 as long as the daemon answers. `/health/ready`: 200 when every instance that is wanted is
 * ready, or asleep until it is called, else 503 with those that are not, and why.
 */
export function createHealth(
  views: () => readonly InstanceView[],
  /** How many instances of a server are to be kept running. */
  keptOf: (server: string) => number,
  tellOperator: (text: string) => void = (text) => void process.stderr.write(text),
): Door {
  return (_request, response, path) => {
    try {
      if (path.replace(/\?.*$/, '') !== '/health/ready') {
        answerJson(response, 200, { status: 'live' });
        return;
      }
      const wanted = views().filter((view) => view.wanted === 'running');
      const isServing = (server: string) =>
        wanted.filter((view) => view.server === server && isReady(view)).length >= keptOf(server);
      const waitedFor = wanted
        .filter((view) => !isReady(view))
        // A pool that has all it must have grows and shrinks beside them.
        .filter(({ server, state }) => !isPassing(state) || !isServing(server))
        .map(({ server, index, state, why }) => ({ server, index, state, why }));
      const status = waitedFor.length === 0 ? 'ready' : 'not ready';
      const body = { status, wanted: wanted.length, notReady: waitedFor };
      answerJson(response, waitedFor.length === 0 ? 200 : 503, body);
    } catch (error) {
      answerProblem(response, error, tellOperator);
    }
  };
}

function isReady({ state }: InstanceView): boolean {
  return state === 'ready' || state === 'asleep';
}

function isPassing(state: InstanceView['state']): boolean {
  return state === 'starting' || state === 'stopping';
}
