import type { Handlers } from '../../operations/index.ts';
import { expositionType, toExposition } from '../../telemetry/exposition.ts';
import { buildFamilies } from '../../telemetry/families.ts';
import type { Family } from '../../telemetry/family.ts';
import type { Tally } from '../../telemetry/tally.ts';
import { answerJson, answerProblem } from './answers.ts';
import type { Door } from './api.ts';

/** Everything a collector gets, as it is now; made when it asks, so that calls do not pay for it. */
export async function readFamilies(needs: {
  readonly handlers: Pick<Handlers, 'daemon.status' | 'metric.latest'>;
  readonly tally: Pick<Tally, 'read'>;
}): Promise<readonly Family[]> {
  const [status, latest] = await Promise.all([
    needs.handlers['daemon.status']({}),
    needs.handlers['metric.latest']({ samples: 1 }),
  ]);
  const { user, system } = process.cpuUsage();
  return buildFamilies({
    ...{ status, latest, counted: needs.tally.read() },
    cpuMs: (user + system) / 1_000,
  });
}

/** `/metrics` for Prometheus, unless the fleet file turns it off: then 404. */
export function createPrometheus(needs: {
  readonly isOn: () => boolean;
  readonly read: () => Promise<readonly Family[]>;
  readonly tellOperator?: (text: string) => void;
}): Door {
  const { tellOperator = (text) => void process.stderr.write(text) } = needs;
  return (request, response) => {
    if (!needs.isOn()) {
      const message = 'The fleet file says metrics.prometheus: false';
      answerJson(response, 404, { error: { code: 'not_found', message } });
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      answerJson(response, 405, { error: { message: 'Figures can only be read' } });
      return;
    }
    needs.read().then(
      (families) => {
        const headers = { 'content-type': expositionType, 'cache-control': 'no-store' };
        response.writeHead(200, headers).end(toExposition(families));
      },
      (error: unknown) => answerProblem(response, error, tellOperator),
    );
  };
}
