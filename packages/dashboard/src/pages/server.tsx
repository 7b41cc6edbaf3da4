import { useEffect, useState } from 'react';
import { sayWhy } from 'ringmaster/say-why';
import { speaksMcp } from 'ringmaster/speaks-mcp';
import { Link } from 'wouter';
import type { Overview, ServerRow } from '../client/fleet-store.ts';
import { deathCount, type LaneSteps, laneRangeMs } from '../client/lanes.ts';
import { actOnServer, type ServerAct } from '../client/server-acts.ts';
import { useAddress } from '../client/use-address.ts';
import { useAsk } from '../client/use-ask.ts';
import { type Death, useDeaths } from '../client/use-deaths.ts';
import { useFleet } from '../client/use-fleet.ts';
import { useHash } from '../client/use-hash.ts';
import { useRevisions } from '../client/use-revisions.ts';
import { duration, percent, when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from '../parts/act.tsx';
import { Glyph } from '../parts/glyph.tsx';
import { lanesRangeOf, RangeChoice, ranges, withRange } from '../parts/range-choice.tsx';
import { MenuButton, ServerMenu } from '../parts/server-menu.tsx';
import { useTitle } from '../parts/use-title.ts';
import { Deaths } from '../server/deaths.tsx';
import { LastCalls } from '../server/last-calls.tsx';
import { Latency } from '../server/latency.tsx';
import { LogBox } from '../server/log-box.tsx';
import { MemoryWords, memoryMarks } from '../server/memory-words.tsx';
import { TryTool } from '../server/try-tool.tsx';
import { WhatHappened } from '../server/what-happened.tsx';
import type { Say } from '../words/say.ts';

const hourMs = 3_600_000;
const tabs = ['now', 'log', 'calls', 'tools', 'deaths', 'config'] as const;
type Tab = (typeof tabs)[number];

/** One server: how it is, what happened to it, what it says, and its tools to try. */
export function ServerPage(needs: PageNeeds & { readonly name: string }) {
  const { fleet, say, name } = needs;
  const { overview } = useFleet(fleet);
  const hash = useHash();
  const tab: Tab = tabs.find((one) => one === hash) ?? 'now';
  const server = overview?.servers.find((row) => row.server === name);
  const verdict =
    overview === undefined || server === undefined ? '' : verdictOf(server, overview, say);

  useTitle(verdict || name, fleet);

  if (overview === undefined || server === undefined) {
    return (
      <div className="head">
        <h1>{overview === undefined ? say('loading') : say('server.notThere', { name })}</h1>
      </div>
    );
  }
  const { nowMs } = overview;
  // The revision stands among the facts.
  const known = server.protocolVersion === undefined ? '' : speaksMcp(server.protocolVersion);
  return (
    <>
      <p className="crumb">
        <Link href={withRange('/')}>{say('nav.fleet')}</Link> / {name}
      </p>
      <div className="head auto">
        <div>
          <h1 aria-live="polite">
            <span className={`is-${server.state}`}>
              <Glyph state={server.state} size={22} />
            </span>
            {verdict}
          </h1>
          <p>{server.why === known ? '' : sayWhy(server.why, say.language)}</p>
        </div>
        <Acts {...needs} server={server} />
      </div>
      <Facts server={server} say={say} nowMs={nowMs} />
      <nav className="tabs" aria-label={name}>
        {tabs.map((one) => (
          <a
            key={one}
            href={`#${one}`}
            data-key={one === 'log' ? 'l' : undefined}
            aria-current={one === tab ? 'page' : undefined}
          >
            {say(`tab.${one}`)}
          </a>
        ))}
      </nav>
      <TabBody {...needs} {...{ server, tab, nowMs }} lanes={overview} />
    </>
  );
}

interface BodyNeeds extends PageNeeds {
  readonly server: ServerRow;
  readonly lanes: LaneSteps;
  readonly nowMs: number;
}

function TabBody(props: BodyNeeds & { readonly tab: Tab }) {
  const { client, tab, server, nowMs } = props;
  const deaths = useDeaths(client, server.server);
  const shared = { ...props, server: server.server, deaths };
  switch (tab) {
    case 'now':
      return <Now {...props} deaths={deaths} />;
    case 'log':
      return <LogBox {...shared} isTall />;
    case 'calls':
      return <LastCalls {...shared} count={100} />;
    case 'tools':
      return <TryTool {...shared} />;
    case 'deaths':
      return <Deaths {...shared} nowMs={nowMs} />;
    case 'config':
      return <Config {...props} />;
  }
}

function Now(props: BodyNeeds & { readonly deaths: readonly Death[] }) {
  const { client, fleet, server, lanes, deaths, say, nowMs } = props;
  const [query, set] = useAddress();
  const rangeMs = lanesRangeOf(query.get('range'));
  useEffect(() => fleet.setRange(rangeMs), [fleet, rangeMs]);
  const asked = { server: server.server, rangeMs };
  const memory = useAsk(client, 'metric.read', { ...asked, metric: 'memoryBytes' }, 10_000).data;
  const calls = useAsk(client, 'metric.read', { ...asked, metric: 'calls' }, 10_000).data;
  const lastHour = { server: server.server, metric: 'calls', rangeMs: hourMs };
  const total = useAsk(client, 'metric.read', lastHour, 10_000).data?.calls[0]?.total;
  const rules = useAsk(client, 'alert.rules', {}).data?.rules ?? [];
  const marks = memoryMarks(server, rules);
  const revisions = useRevisions(client, server.server, nowMs - rangeMs);
  const shared = { ...props, server: server.server };
  return (
    <>
      <section className="box" aria-label={say('server.happened')}>
        <header>
          <h2>{say('server.happened')}</h2>
          <span className="grow" />
          <RangeChoice {...{ ranges, rangeMs, say }} onChoose={(range) => set({ range })} />
        </header>
        <WhatHappened
          {...{ server, lanes, revisions, marks, say }}
          died={deaths}
          {...{ memory, calls }}
          fromMs={nowMs - rangeMs}
          toMs={nowMs}
        />
        <MemoryWords
          points={memory?.series[0]?.points ?? []}
          {...{ revisions, marks, say }}
          died={deaths}
        />
      </section>
      <div className="two side">
        <div className="stack">
          <LogBox {...shared} />
          <Deaths {...shared} nowMs={nowMs} />
          <LastCalls {...shared} />
        </div>
        <div className="stack">
          <section className="box" aria-label={say('server.latency')}>
            <header>
              <h2>{say('server.latency')}</h2>
              <span className="muted">
                {total === undefined
                  ? say('range.hours', { count: 1 })
                  : say.many('latency.hour', total.calls)}
              </span>
            </header>
            <Latency {...{ total, rules, say }} server={server.server} />
          </section>
          <TryTool {...shared} />
        </div>
      </div>
    </>
  );
}

function Acts(props: PageNeeds & { readonly server: ServerRow }) {
  const { say, server } = props;
  const [doing, setDoing] = useState<ServerAct>();
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const isWanted = server.wanted === 'running';

  async function act(name: ServerAct): Promise<void> {
    setDoing(name);
    await actOnServer(props, name, server.server);
    setDoing(undefined);
  }

  return (
    <div className="btns">
      <Act
        type="button"
        className="btn main"
        data-key={isWanted ? 'r' : 's'}
        disabled={doing !== undefined}
        onClick={() => void act(isWanted ? 'server.restart' : 'server.start')}
      >
        {say(
          doing === 'server.restart' ? 'act.restarting' : isWanted ? 'act.restart' : 'act.start',
        )}
      </Act>
      {isWanted ? (
        <Act
          type="button"
          className="btn"
          data-key="x"
          disabled={doing !== undefined}
          onClick={() => void act('server.stop')}
        >
          {say('act.stop')}
        </Act>
      ) : null}
      <MenuButton server={server.server} say={say} onOpen={() => setIsMenuOpen(true)} />
      {isMenuOpen ? <ServerMenu {...props} onClose={() => setIsMenuOpen(false)} /> : null}
    </div>
  );
}

function Facts({
  server,
  say,
  nowMs,
}: {
  readonly server: ServerRow;
  readonly say: Say;
  readonly nowMs: number;
}) {
  const { availability, nextTryAtMs } = server;
  const share = availability.share === undefined ? undefined : percent(availability.share, 2);
  const facts: [name: string, value: string | undefined, href?: string][] = [
    [say('fact.kind'), server.kind],
    [say('fact.pid'), server.pid?.toString()],
    [say('fact.address'), server.url],
    [say('fact.generation'), server.generation.toString()],
    [say('table.pool'), `${server.readyInstances}/${server.instances}`],
    [say('fact.protocol'), server.protocolVersion],
    [say('fact.restarts'), server.restarts.toString(), '#deaths'],
    [
      say('fact.next'),
      nextTryAtMs === undefined ? undefined : when(nextTryAtMs, nowMs, say.language),
    ],
    [say('table.up'), share && `${share.value}\u00a0%`],
  ];
  return (
    <p className="facts">
      {facts
        .filter(([, value]) => value !== undefined)
        .map(([name, value, href]) => (
          <span key={name}>
            {name} <b>{href === undefined ? value : <a href={href}>{value}</a>}</b>
          </span>
        ))}
    </p>
  );
}

function Config({ client, server, say }: PageNeeds & { readonly server: ServerRow }) {
  const { data } = useAsk(client, 'server.get', { server: server.server });
  return (
    <section className="box" aria-label={say('tab.config')}>
      <pre className="json" tabIndex={0}>
        {JSON.stringify(data ?? {}, undefined, 2)}
      </pre>
    </section>
  );
}

function verdictOf(server: ServerRow, overview: Overview, say: Say): string {
  const since = duration(overview.nowMs - server.sinceMs, say.time);
  const name = server.server;
  const deaths = deathCount(server.deaths, overview);
  if (server.state === 'waiting' && deaths > 0) {
    const long = duration(laneRangeMs(overview), say.time);
    return say.many('server.diedRecently', deaths, { name, long });
  }
  return say(`server.is.${server.state}`, { name, since });
}
