import {
  type ComponentType,
  lazy,
  Suspense,
  useEffect,
  useLayoutEffect,
  useMemo,
  useState,
} from 'react';
import { Route, Switch } from 'wouter';
import { createClient } from './client/client.ts';
import { createFleetStore, type FleetStore } from './client/fleet-store.ts';
import { createPageLoader } from './client/page-loader.ts';
import { createQuestions } from './client/questions.ts';
import { reasonOf } from './client/reason.ts';
import { createSettings } from './client/settings.ts';
import { createToasts } from './client/toasts.ts';
import type { PageNeeds } from './page-needs.ts';
import { FleetPage } from './pages/fleet.tsx';
import { notLoaded } from './pages/not-loaded.tsx';
import { NotThere } from './pages/not-there.tsx';
import { ServerPage } from './pages/server.tsx';
import { lanesRangeOf } from './parts/range-choice.tsx';
import { Shell } from './parts/shell.tsx';
import { createSay } from './words/say.ts';

const loader = createPageLoader({
  // The browser keeps it with the page, over a new load of it.
  renewedAtMs: () => history.state?.renewedAtMs,
  setRenewedAtMs: (renewedAtMs) =>
    history.replaceState({ ...history.state, renewedAtMs }, '', location.href),
  nowMs: Date.now,
  isReachable: () =>
    fetch('/health/live', { cache: 'no-store' }).then(
      ({ ok }) => ok,
      () => false,
    ),
  reload: () => location.reload(),
});

/**
 * A page that comes when it is opened, and while the frame around it is drawn where `address` is what was opened first;
 * where it cannot be had, that is what stands there.
 */
function later<Props extends PageNeeds>(
  address: string,
  load: () => Promise<ComponentType<Props>>,
) {
  const whole = async () => {
    const page = await loader.load(load).catch((error) => notLoaded(reasonOf(error)));
    return { default: page as ComponentType<Props> };
  };
  const first = location.pathname.startsWith(address) ? whole() : undefined;
  return lazy(() => first ?? whole());
}

// Fleet and Server come at once; the other pages when they are opened.
const ApprovalsPage = later(
  '/approvals',
  async () => (await import('./pages/approvals.tsx')).ApprovalsPage,
);
const AuditPage = later('/audit', async () => (await import('./pages/audit.tsx')).AuditPage);
const AlertsPage = later('/alerts', async () => (await import('./pages/alerts.tsx')).AlertsPage);
const CallsPage = later('/calls', async () => (await import('./pages/calls.tsx')).CallsPage);
const MetricsPage = later(
  '/metrics',
  async () => (await import('./pages/metrics.tsx')).MetricsPage,
);
const ReportsPage = later(
  '/reports',
  async () => (await import('./pages/reports.tsx')).ReportsPage,
);
const SettingsPage = later(
  '/settings',
  async () => (await import('./pages/settings.tsx')).SettingsPage,
);

/** The whole dashboard: one client, one store, one page at a time. */
export function App() {
  const client = useMemo(() => createClient(), []);
  const [settings] = useState(createSettings);
  const [toasts] = useState(createToasts);
  const [questions] = useState(createQuestions);
  const [language, setLanguage] = useState(settings.language());
  const say = useMemo(() => createSay(language), [language]);
  const [fleet, setFleet] = useState<FleetStore>();

  useEffect(() => {
    const store = createFleetStore(client, firstRangeMs());
    setFleet(store);
    return () => store.close();
  }, [client]);

  // Before any page asks the daemon, in this language.
  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  useEffect(() => {
    if (loader.wasRenewed()) toasts.tell({ kind: 'done', text: say('app.renewed') });
  }, [toasts, say]);

  if (fleet === undefined) return null;
  const needs: PageNeeds = {
    ...{ client, fleet, say, settings, toasts, questions },
    setLanguage(next) {
      settings.setLanguage(next);
      setLanguage(next);
    },
  };
  return (
    <Shell {...needs}>
      <Pages {...needs} />
    </Shell>
  );
}

/** How far back the first page shows lanes, so that they are asked for once; other pages show none. */
function firstRangeMs(): number {
  const showsLanes = /^\/(servers\/.*)?$/.test(location.pathname);
  return lanesRangeOf(showsLanes ? new URLSearchParams(location.search).get('range') : null);
}

function Pages(needs: PageNeeds) {
  return (
    <Suspense fallback={<div className="head" />}>
      <Switch>
        <Route path="/">
          <FleetPage {...needs} />
        </Route>
        <Route path="/servers/:name">
          {({ name }) => <ServerPage {...needs} name={readable(name)} />}
        </Route>
        <Route path="/calls">
          <CallsPage {...needs} />
        </Route>
        <Route path={/^\/calls\/(?<id>\d{1,15})$/}>
          {({ id }) => <CallsPage {...needs} id={Number(id)} />}
        </Route>
        <Route path="/alerts">
          <AlertsPage {...needs} />
        </Route>
        <Route path="/metrics">
          <MetricsPage {...needs} />
        </Route>
        <Route path="/approvals">
          <ApprovalsPage {...needs} />
        </Route>
        <Route path="/audit">
          <AuditPage {...needs} />
        </Route>
        <Route path="/reports">
          <ReportsPage {...needs} />
        </Route>
        <Route path="/reports/:name">
          {({ name }) => <ReportsPage {...needs} name={readable(name)} />}
        </Route>
        <Route path="/settings">
          <SettingsPage {...needs} />
        </Route>
        <Route>
          <NotThere {...needs} />
        </Route>
      </Switch>
    </Suspense>
  );
}

/** A part of the address as text; one that no text was ever encoded to stands as it is, and is not found. */
function readable(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Somebody mistyped the address.
    return part;
  }
}
