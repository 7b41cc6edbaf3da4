import type { Clock } from '../../clock.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Perform } from '../../operations/asked.ts';
import type { Handlers } from '../../operations/index.ts';
import type { InstanceView } from '../../supervisor/instance.ts';
import type { Family } from '../../telemetry/family.ts';
import type { Tally } from '../../telemetry/tally.ts';
import { createApi, type Door } from './api.ts';
import { createDoors, type DoorTable } from './doors.ts';
import { createHealth } from './health.ts';
import { createLive } from './live.ts';
import { createDocument } from './openapi.ts';
import { createPages } from './pages.ts';
import { createPrometheus, readFamilies } from './prometheus.ts';

/** Every door of the daemon's port that is not MCP. */
export interface Front {
  readonly door: Door;
  /** What collectors get. */
  families(): Promise<readonly Family[]>;
  /** Ends the streams. */
  close(): void;
}

/** Puts the doors together; a new one is a line here. */
export function createFront(needs: {
  readonly handlers: Handlers;
  readonly perform: Perform;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly version: string;
  readonly views: () => readonly InstanceView[];
  /** How many instances of a server are kept running. */
  readonly kept: (server: string) => number;
  readonly tally: Tally;
  /** Whether the fleet file lets Prometheus read. */
  readonly prometheus: () => boolean;
  /** Doors of other rooms, by path. */
  readonly more: DoorTable;
}): Front {
  const { perform, journal, clock } = needs;
  const families = () => readFamilies(needs);
  const live = createLive({ journal, clock });
  const health = createHealth(needs.views, needs.kept);
  const docs = createPages('docs', '/docs/');
  const app = createPages('app', '/', true);
  const door = createDoors({
    ...needs.more,
    '/': app,
    '/api/': createApi(perform, { clock, journal }),
    '/api/live': live.door,
    '/health/live': health,
    '/health/ready': health,
    '/openapi.json': createDocument(needs.version),
    '/metrics': pageOr(app, createPrometheus({ isOn: needs.prometheus, read: families })),
    '/docs': docs,
    '/docs/': docs,
  });
  return { door, families, close: live.close };
}

/** One address for two readers: a browser that opens it asks for HTML first, which no scraper does. */
function pageOr(page: Door, other: Door): Door {
  return (request, response, path) => {
    const isBrowser = request.headers.accept?.startsWith('text/html') === true;
    return (isBrowser ? page : other)(request, response, path);
  };
}
