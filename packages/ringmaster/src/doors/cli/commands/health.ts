import type { ExitCode, Invocation } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { renderTable } from '../table.ts';

/** The logs of every server are looked through. */
const checkTimeoutMs = 60_000;

/** `ringmaster health`: exits 0 when healthy or degraded, 1 when unhealthy, and with `--strict` also when degraded. */
export async function run({ options, flags, terminal }: Invocation): Promise<ExitCode> {
  const { say, paint, language } = terminal;
  const client = await reachDaemon(flags, terminal);
  const report = await client.ask('daemon.health', {}, { timeoutMs: checkTimeoutMs });
  if (terminal.json) terminal.resultJson(report);
  else {
    const colours = { pass: paint.green, warn: paint.yellow, fail: paint.red } as const;
    terminal.result(say(`health.${report.overall}`));
    terminal.result(
      renderTable(
        [
          { heading: say('column.check') },
          { heading: say('column.result') },
          { heading: say('column.took'), align: 'right' },
          { heading: say('column.found') },
        ],
        report.checks.map(({ check, result, tookMs, told }) => [
          check,
          colours[result](say(`health.${result}`)),
          `${tookMs} ms`,
          told[language],
        ]),
        terminal.widthColumns,
      ),
    );
  }
  const isBad = report.overall === 'unhealthy';
  const isStrict = options['strict'] === true;
  return isBad || (isStrict && report.overall === 'degraded') ? 1 : 0;
}
