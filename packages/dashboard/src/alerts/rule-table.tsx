import type { OutputOf } from 'ringmaster/operations';
import { useAsk } from '../client/use-ask.ts';
import type { PageNeeds } from '../page-needs.ts';
import { ticks } from '../parts/paths.ts';
import type { Say } from '../words/say.ts';
import { PastLane } from './past-lane.tsx';
import { ruleFigure, type Severity, severityClass } from './rule-words.ts';

const weekMs = 7 * 86_400_000;
const everyMs = 30_000;
const shown: readonly Severity[] = ['warning', 'high', 'critical'];

type Rule = OutputOf<'alert.rules'>['rules'][number];
type Past = OutputOf<'alert.history'>;

/** What is watched with which thresholds, and when it fired in the last seven days. */
export function RuleTable(props: PageNeeds & { readonly data: OutputOf<'alert.rules'> }) {
  const { client, say, data } = props;
  const past = useAsk(client, 'alert.history', { rangeMs: weekMs }, everyMs).data;
  return (
    <section className="box scroll past" tabIndex={0} aria-label={say('view.rules')}>
      <table className="pasts">
        <thead>
          <tr>
            <th>{say('alerts.rule')}</th>
            <th>{say('table.server')}</th>
            {shown.map((severity) => (
              <th key={severity} className="num">
                {say(`severity.${severity}`)}
              </th>
            ))}
            <th className="num">{say('past.fired')}</th>
            <th className="c-past">{say('past.title.7')}</th>
          </tr>
        </thead>
        <tbody>
          {data.rules.map((rule) => (
            <Row
              key={`${rule.rule}/${rule.subject}`}
              {...props}
              {...{ rule, past }}
              rules={data.rules}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row(
  props: PageNeeds & {
    readonly rule: Rule;
    readonly past: Past | undefined;
    readonly rules: readonly Rule[];
  },
) {
  const { rule, past, rules, say } = props;
  const row = past && joined(past, rule, rules);
  return (
    <tr className={rule.isOn ? undefined : 'faint'}>
      <td>
        <span className="strong begins">{titleOf(rule, say)}</span>{' '}
        <span className="faint mono">{rule.rule}</span>
      </td>
      <td>{rule.subject ?? say(isOfMachine(rule) ? 'alerts.machine' : 'rules.each')}</td>
      {rule.isOn ? (
        shown.map((severity) => (
          <td key={severity} className={`num ${severityClass(severity)}`}>
            {levelOf(rule, severity)}
          </td>
        ))
      ) : (
        <td colSpan={shown.length}>{say('rules.off')}</td>
      )}
      <td className="num">{row?.fired ?? '–'}</td>
      <td className="c-past">
        {past === undefined || row === undefined ? null : (
          <PastLane
            {...{ row, say }}
            fromMs={past.fromMs}
            toMs={past.toMs}
            axis={ticks(past.fromMs, past.toMs, 8)}
          />
        )}
      </td>
    </tr>
  );
}

function titleOf(rule: Rule, say: Say): string {
  const anybody = say(isOfMachine(rule) ? 'alerts.machine' : 'rules.aServer');
  return say(`rule.${rule.rule}`, { subject: rule.subject ?? anybody });
}

function isOfMachine({ rule }: Rule): boolean {
  return /^(cpu|memory|disk)Percent$|^fleetRejected$/.test(rule);
}

function levelOf({ rule, levels }: Rule, severity: Severity): string {
  const value = levels?.[severity];
  return value === undefined ? '' : ruleFigure(rule, value);
}

/** Everything a rule did; a server with thresholds of its own has a row of its own. */
function joined(
  { rows }: Past,
  { rule, subject }: Rule,
  rules: readonly Rule[],
): Past['rows'][number] {
  const own = rules.filter((one) => one.rule === rule).flatMap((one) => one.subject ?? []);
  const mine = rows.filter(
    (row) =>
      row.rule === rule &&
      (subject === undefined ? !own.includes(row.subject) : row.subject === subject),
  );
  return {
    ...{ rule, subject: subject ?? '' },
    fired: mine.reduce((sum, row) => sum + row.fired, 0),
    totalMs: mine.reduce((sum, row) => sum + row.totalMs, 0),
    spans: mine.flatMap(({ spans }) => spans),
  };
}
