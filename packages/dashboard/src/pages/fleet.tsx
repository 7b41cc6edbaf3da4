import { useEffect } from 'react';
import { useLocation } from 'wouter';
import type { Overview, ServerRow } from '../client/fleet-store.ts';
import { type SetAddress, useAddress } from '../client/use-address.ts';
import { useFleet } from '../client/use-fleet.ts';
import { FleetTable } from '../fleet/fleet-table.tsx';
import { Reasons } from '../fleet/reasons.tsx';
import { type Group, groupOf, needing } from '../fleet/standing.ts';
import { Vitals } from '../fleet/vitals.tsx';
import type { PageNeeds } from '../page-needs.ts';
import { Search } from '../parts/icons.tsx';
import { lanesRangeOf, RangeChoice, ranges, withRange } from '../parts/range-choice.tsx';
import { useTitle } from '../parts/use-title.ts';
import type { Say } from '../words/say.ts';

const groups: readonly Group[] = ['all', 'need', 'changing', 'ready', 'stopped'];

/** Is anything wrong, what, why, since when; then the whole fleet. */
export function FleetPage(needs: PageNeeds) {
  const { fleet, say } = needs;
  const { overview, failure } = useFleet(fleet);
  const [query, set] = useAddress();
  const group = groups.find((one) => one === query.get('state')) ?? 'all';
  const text = query.get('q') ?? '';
  const rangeMs = lanesRangeOf(query.get('range'));
  const verdict = overview?.verdict.verdict[say.language] ?? say('loading');

  useEffect(() => fleet.setRange(rangeMs), [fleet, rangeMs]);
  useTitle(verdict, fleet);

  if (overview === undefined) {
    const told = failure === undefined ? verdict : say('failed.load', { reason: failure });
    return (
      <div className="head">
        <h1>{told}</h1>
      </div>
    );
  }
  const needy = needing(overview);
  const shown = overview.servers
    .filter((row) => isShown(row, { group, text, needy }))
    .sort((one, other) => one.server.localeCompare(other.server));
  return (
    <>
      <div className="head">
        <div>
          <h1 aria-live="polite">{verdict}</h1>
          <p>{restOf(overview, say)}</p>
        </div>
        <Vitals overview={overview} say={say} />
      </div>
      <Reasons {...needs} verdict={overview.verdict} />
      <div className="bar">
        <Filter {...{ overview, group, text, set, say }} />
        <span className="grow" />
        <Legend say={say} />
        <RangeChoice {...{ ranges, rangeMs, say }} onChoose={(range) => set({ range })} />
      </div>
      <FleetTable {...needs} overview={overview} servers={shown} />
      <Foot say={say} />
    </>
  );
}

function isShown(
  row: ServerRow,
  wanted: { readonly group: Group; readonly text: string; readonly needy: ReadonlySet<string> },
): boolean {
  const { group, text, needy } = wanted;
  const isInGroup = group === 'all' || groupOf(row, needy) === group;
  return isInGroup && row.server.toLowerCase().includes(text.trim().toLowerCase());
}

function restOf(overview: Overview, say: Say): string {
  const needy = needing(overview);
  const count = (group: Group): number =>
    overview.servers.filter((row) => groupOf(row, needy) === group).length;
  const [ready, others] = [count('ready'), count('changing') + count('stopped')];
  const all = overview.servers.length;
  if (ready === all) return '';
  return others === 0
    ? say('verdict.restReady', { ready, all })
    : say.many('verdict.rest', others, { ready, all });
}

function Filter(props: {
  readonly overview: Overview;
  readonly group: Group;
  readonly text: string;
  readonly set: SetAddress;
  readonly say: Say;
}) {
  const { overview, group, text, set, say } = props;
  const { servers } = overview;
  const needy = needing(overview);
  const [, go] = useLocation();
  const name = say('filter.servers', { count: servers.length });
  const count = (one: Group): number =>
    one === 'all' ? servers.length : servers.filter((row) => groupOf(row, needy) === one).length;
  return (
    <>
      <label className="input">
        <Search />
        <input
          id="filter"
          type="search"
          value={text}
          placeholder={name}
          aria-label={name}
          onChange={(event) => set({ q: event.target.value })}
          onKeyDown={(event) => {
            const first = servers.find((row) => isShown(row, { group, text, needy }));
            if (event.key === 'Enter' && first !== undefined)
              go(withRange(`/servers/${encodeURIComponent(first.server)}`));
          }}
        />
        <kbd>/</kbd>
      </label>
      <fieldset className="seg" aria-label={say('table.state')}>
        {groups.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === group}
            onClick={() => set({ state: one === 'all' ? '' : one })}
          >
            {say(`filter.${one}`)}
            <span className="n">{count(one)}</span>
          </button>
        ))}
      </fieldset>
    </>
  );
}

function Legend({ say }: { readonly say: Say }) {
  return (
    <span className="legend desk">
      {(['ready', 'sick', 'waiting', 'failed'] as const).map((state) => (
        <span key={state}>
          <i className={`swatch ${state}`} />
          {say(`state.${state}`)}
        </span>
      ))}
      <span>
        <i className="swatch died" />
        {say('legend.died')}
      </span>
      <span>
        <i className="swatch away" />
        {say('legend.away')}
      </span>
    </span>
  );
}

function Foot({ say }: { readonly say: Say }) {
  return (
    <footer className="foot">
      <span>
        <kbd>j</kbd> <kbd>k</kbd> {say('keys.move')}
      </span>
      <span>
        <kbd>Enter</kbd> {say('keys.open')}
      </span>
      <span>
        <kbd>l</kbd> {say('keys.log')}
      </span>
      <span>
        <kbd>r</kbd> {say('keys.restart')}
      </span>
      <span>
        <kbd>p</kbd> {say('keys.pause')}
      </span>
      <span>
        <kbd>?</kbd> {say('keys.all')}
      </span>
      <span className="grow" />
      <span>{say('table.order')}</span>
    </footer>
  );
}
