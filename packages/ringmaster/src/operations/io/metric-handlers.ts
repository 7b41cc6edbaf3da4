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
    const { stepMs } = decided;
    const history = await journal.readMetrics({
      ...{ stepMs, fromMs, toMs },
      ...(input.server === 'all' ? {} : { subject: subjects[0] ?? machineSubject }),
      ...(input.metric === undefined ? {} : { metric: input.metric }),
    });
    return { fromMs, toMs, stepMs, sampleMs: sampleMs(), ...toSeries(history, subjects) };
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
