import type { InstanceView } from '../../supervisor/instance.ts';
import { answerJson, answerProblem } from './answers.ts';
import type { Door } from './api.ts';

/**
 * `/health/live`: 200 as long as the daemon answers. `/health/ready`: 200 when every instance that is wanted is
 * ready, else 503 with those that are not, and why.
 */
export function createHealth(
  views: () => readonly InstanceView[],
  tellOperator: (text: string) => void = (text) => void process.stderr.write(text),
): Door {
  return (_request, response, path) => {
    try {
      if (path.replace(/\?.*$/, '') !== '/health/ready') {
        answerJson(response, 200, { status: 'live' });
        return;
      }
      const wanted = views().filter((view) => view.wanted === 'running');
      const waitedFor = wanted
        .filter((view) => view.state !== 'ready')
        .map(({ server, index, state, why }) => ({ server, index, state, why }));
      const status = waitedFor.length === 0 ? 'ready' : 'not ready';
      const body = { status, wanted: wanted.length, notReady: waitedFor };
      answerJson(response, waitedFor.length === 0 ? 200 : 503, body);
    } catch (error) {
      answerProblem(response, error, tellOperator);
    }
  };
}
