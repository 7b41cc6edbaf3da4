import { Problem } from '../../errors.ts';
import { machineSubject } from '../../journal/metrics.ts';
import type { Handlers, InputOf } from '../index.ts';
import { decideStep, pointsMax, seriesPerSubject, toSeries } from '../metric-series.ts';
import type { HandlerNeeds } from './needs.ts';
import type { ServerTable } from './server-table.ts';

type MetricHandlers = Pick<Handlers, 'metric.read' | 'metric.latest'>;

/** Handlers of the noun `metric`. */
export function createMetricHandlers(needs: HandlerNeeds, table: ServerTable): MetricHandlers {
  const { journal, clock, metering, daemon } = needs;
  const sampleMs = () => daemon.currentFleet().fleet.metrics.sampleMs;
  const everyServer = () => daemon.currentFleet().fleet.servers.map(({ name }) => name);

  function subjectsOf(server: string | undefined): readonly string[] {
    if (server === undefined) return [machineSubject];
    if (server === 'all') return everyServer();
    table.check([server]);
    return [server];
  }

  async function read(input: InputOf<'metric.read'>) {
    const subjects = subjectsOf(input.server);
    const toMs = input.toMs ?? clock.nowMs();
    const fromMs = input.fromMs ?? toMs - input.rangeMs;
    const perSubject = seriesPerSubject(subjects[0] ?? machineSubject, input.metric);
    const decided = decideStep(input.step, {
      ...{ rangeMs: Math.max(0, toMs - fromMs), sampleMs: sampleMs() },
      seriesCount: subjects.length * perSubject,
    });
    if ('tooManyPoints' in decided) {
      throw new Problem(
        'bad_request',
        `Cannot read the figures: found ${decided.tooManyPoints} points, needed at most ${pointsMax}: a longer step, a shorter time or one figure`,
      );
    }
    const range = { stepMs: decided.stepMs, fromMs, toMs };
    const isOfAll = input.server === 'all';
    const answer = { ...range, sampleMs: sampleMs() };
    if (input.together && isOfAll && input.metric === 'calls') {
      const together = await journal.readCallsTogether(range, subjects);
      return { ...answer, series: [], calls: [], together: [...together] };
    }
    const { metric, largest } = input;
    const history = await journal.readMetrics({
      ...range,
      ...(isOfAll ? {} : { subject: subjects[0] ?? machineSubject }),
      ...(metric === undefined ? {} : { metric }),
      ...(isOfAll && metric !== undefined && largest !== undefined
        ? { largest: { count: largest, of: subjects } }
        : {}),
    });
    return { ...answer, ...toSeries(history, subjects) };
  }

  return {
    'metric.read': read,
    async 'metric.latest'({ server, samples }) {
      const subjects =
        server === undefined || server === 'all'
          ? [machineSubject, ...everyServer()]
          : subjectsOf(server);
      return {
        sampleMs: sampleMs(),
        subjects: subjects.flatMap((subject) => {
          const recent = metering.recent(subject, samples);
          if (recent.length === 0) return [];
          return [
            {
              ...(subject === machineSubject ? {} : { server: subject }),
              samples: recent.map(({ atMs, values }) => ({ atMs, values: { ...values } })),
            },
          ];
        }),
      };
    },
  };
}
