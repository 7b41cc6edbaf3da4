import { memo, useCallback, useMemo, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { type AlertRow, severityClass } from '../alerts/rule-words.ts';
import type { Overview, ServerRow } from '../client/fleet-store.ts';
import { deathTimes, laneParts, laneRangeMs } from '../client/lanes.ts';
import { processLimit } from '../client/process-limit.ts';
import { actOnServer, type ServerAct } from '../client/server-acts.ts';
import { bytes, duration, type Figure, latency, number, percent, when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from '../parts/act.tsx';
import { Beads, Pill } from '../parts/glyph.tsx';
import { Lane, LaneAxis, lanePixels } from '../parts/lane.tsx';
import { ticks } from '../parts/paths.ts';
import { withRange } from '../parts/range-choice.tsx';
import { MenuButton, ServerMenu } from '../parts/server-menu.tsx';
import { Spark } from '../parts/spark.tsx';
import type { Say } from '../words/say.ts';

/** The whole fleet, quiet and dense, on one time axis. */
export function FleetTable(
  props: PageNeeds & { readonly overview: Overview; readonly servers: readonly ServerRow[] },
) {
  const { overview, servers, say } = props;
  const [, go] = useLocation();
  const [selected, setSelected] = useState<string>();
  const [menuOf, setMenuOf] = useState<string>();
  const asked = servers.find(({ server }) => server === menuOf);
  const { fromMs, toMs } = axisOf(overview);
  const axis = useMemo(() => ticks(fromMs, toMs, 7), [fromMs, toMs]);
  const from = when(fromMs, toMs, say.language);
  const open = useCallback(
    (server: string, part = '') => go(withRange(`/servers/${encodeURIComponent(server)}`) + part),
    [go],
  );
  const needs = useRef(props);
  needs.current = props;
  const act = useCallback(
    (name: ServerAct, server: string) => void actOnServer(needs.current, name, server),
    [],
  );
  return (
    <div className="frame">
      <table className="fleet">
        <thead>
          <tr>
            <th>{say('table.server')}</th>
            <th>{say('table.state')}</th>
            <th>{say('table.pool')}</th>
            <th className="num">{say('table.calls')}</th>
            <th className="num">{say('table.p95')}</th>
            <th className="num">{say('table.errors')}</th>
            <th>{say('table.cpu')}</th>
            <th>{say('table.memory')}</th>
            <th className="c-lane" aria-label={say('table.lane', { from })}>
              <LaneAxis {...{ fromMs, toMs, ticks: axis, end: say('table.now'), say }} />
            </th>
            <th className="num">{say('table.up')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {servers.map((server) => (
            <Row
              key={server.server}
              {...{ server, overview, fromMs, toMs, axis, say }}
              isSelected={selected === server.server}
              onMore={setMenuOf}
              onSelect={setSelected}
              onOpen={open}
              onAct={act}
            />
          ))}
        </tbody>
      </table>
      {asked === undefined ? null : (
        <ServerMenu {...props} server={asked} onClose={() => setMenuOf(undefined)} />
      )}
      {servers.length === 0 ? <p className="empty">{say('filter.none')}</p> : null}
    </div>
  );
}

/** By whole pixels, so that a lane on which nothing happened need not be drawn with each answer. */
function axisOf(overview: Overview): { readonly fromMs: number; readonly toMs: number } {
  const rangeMs = laneRangeMs(overview);
  const pixelMs = rangeMs / lanePixels;
  const toMs = Math.ceil(overview.nowMs / pixelMs) * pixelMs;
  return { fromMs: toMs - rangeMs, toMs };
}

interface RowProps {
  readonly server: ServerRow;
  readonly overview: Overview;
  readonly fromMs: number;
  readonly toMs: number;
  readonly axis: readonly number[];
  readonly say: Say;
  readonly isSelected: boolean;
  readonly onSelect: (server: string) => void;
  readonly onOpen: (server: string, part?: string) => void;
  readonly onMore: (server: string) => void;
  readonly onAct: (act: ServerAct, server: string) => void;
}

const Row = memo(function Row(props: RowProps) {
  const { server, overview, fromMs, toMs, axis, say } = props;
  const { recent, state } = server;
  const select = () => props.onSelect(server.server);
  const share = server.availability.share;
  const cpu = server.cpuPercent;
  return (
    <tr data-selected={props.isSelected} data-keys="own" onMouseEnter={select}>
      <td className="c-name">
        <a
          className="nm"
          data-row=""
          href={`/servers/${encodeURIComponent(server.server)}`}
          onFocus={select}
          onClick={(event) => {
            event.preventDefault();
            props.onOpen(server.server);
          }}
        >
          {server.server}
        </a>
        <span className="kind">{server.kind}</span>
      </td>
      <td className="c-state">
        <Pill
          state={state}
          word={say(`state.${state}`)}
          more={moreOf(server, overview.nowMs, say)}
        />
      </td>
      <td>
        <Beads ready={server.readyInstances} size={server.instances} state={state} />{' '}
        <span className="faint">
          {server.readyInstances}/{server.instances}
        </span>
      </td>
      <td className="num">
        <Shown
          figure={recent.hour > 0 ? { value: number(recent.perSecond), unit: '' } : undefined}
        />
      </td>
      <td className={`num c-p95 ${alarmClass(server, 'latencyMs')}`}>
        <Shown figure={recent.p95Ms === undefined ? undefined : latency(recent.p95Ms)} />
      </td>
      <td className={`num ${alarmClass(server, 'errorPercent')}`}>
        {recent.failedShare === undefined ? (
          <Shown figure={undefined} />
        ) : recent.failedShare === 0 ? (
          <span className="faint">0</span>
        ) : (
          <Link href={failedCallsOf(server.server)}>
            <Shown figure={percent(recent.failedShare)} />
          </Link>
        )}
      </td>
      <MeterCell
        {...{ server, points: server.cpu, top: 100, limit: processLimit(server, 'cpuPercent') }}
        rule="cpuPercent"
        figure={cpu === undefined ? undefined : { value: number(Math.round(cpu)), unit: '%' }}
      />
      <MeterCell
        {...{ server, points: server.memory, limit: processLimit(server, 'memoryBytes') }}
        rule="memoryBytes"
        figure={server.memoryBytes === undefined ? undefined : bytes(server.memoryBytes)}
      />
      <td className="c-lane">
        <Lane
          server={server.server}
          parts={laneParts(server.lane, overview)}
          deaths={deathTimes(server.deaths, overview)}
          {...{ fromMs, toMs, ticks: axis, say }}
        />
      </td>
      <td className={`num ${share !== undefined && share < 0.995 ? 'is-sick strong' : ''}`}>
        <Shown figure={share === undefined ? undefined : percent(share, 2)} />
      </td>
      <td className="c-more">
        <MenuButton server={server.server} say={say} onOpen={() => props.onMore(server.server)} />
        <RowKeys {...props} />
      </td>
    </tr>
  );
});

/** A figure with its last hour; a server in trouble gives it the colour of its state. */
function MeterCell(props: {
  readonly server: ServerRow;
  readonly rule: AlertRow['rule'];
  readonly points: readonly (number | null)[];
  readonly top?: number;
  readonly limit: number | undefined;
  readonly figure: Figure | undefined;
}) {
  const { server, rule, points, top, limit, figure } = props;
  const state = troubles.includes(server.state) ? server.state : undefined;
  return (
    <td>
      <span className="meter">
        <Spark {...{ points, top, limit, state }} />
        <span className={`num ${alarmClass(server, rule)}`}>
          <Shown figure={figure} />
        </span>
      </span>
    </td>
  );
}

const troubles: readonly string[] = ['sick', 'waiting', 'failed'];

/** How a figure stands out that an alert of this rule is open about. */
function alarmClass({ alerts }: ServerRow, rule: AlertRow['rule']): string {
  const alert = alerts.find((one) => one.rule === rule && one.severity !== 'info');
  return alert === undefined ? '' : `${severityClass(alert.severity)} strong`;
}

/** What keys do in the row that has the focus; the menu beside says the same in words. */
function RowKeys(props: Pick<RowProps, 'server' | 'onAct' | 'onOpen'>) {
  const { server, onAct, onOpen } = props;
  const acts =
    server.wanted === 'running'
      ? ([
          ['r', 'server.restart'],
          ['x', 'server.stop'],
        ] as const)
      : ([['s', 'server.start']] as const);
  return (
    <>
      {acts.map(([key, act]) => (
        <Act
          key={key}
          type="button"
          hidden
          data-key={key}
          onClick={() => onAct(act, server.server)}
        />
      ))}
      <button type="button" hidden data-key="l" onClick={() => onOpen(server.server, '#log')} />
    </>
  );
}

/** What the share of errors counts: the calls of the last hour that were not done. */
function failedCallsOf(server: string): string {
  return `/calls?outcome=notOk&range=1h&q=${encodeURIComponent(`server:${server}`)}`;
}

function Shown({ figure }: { readonly figure: Figure | undefined }) {
  if (figure === undefined) return <span className="faint">–</span>;
  return (
    <>
      {figure.value}
      {figure.unit === '' ? null : <span className="unit">{`\u00a0${figure.unit}`}</span>}
    </>
  );
}

function moreOf(server: ServerRow, nowMs: number, say: Say): string | undefined {
  const { state, nextTryAtMs } = server;
  if (nextTryAtMs !== undefined && nextTryAtMs > nowMs) {
    return state === 'failed'
      ? say('state.tries', { time: when(nextTryAtMs, nowMs, say.language) })
      : say('state.in', { duration: duration(nextTryAtMs - nowMs, say.time) });
  }
  if (state === 'sick' || state === 'starting') return duration(nowMs - server.sinceMs, say.time);
  return undefined;
}
