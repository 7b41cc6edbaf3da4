import type { Client } from './client.ts';
import { useAsk } from './use-ask.ts';

/** Most files applied that are looked at. */
const knownMax = 100;
const everyMs = 10_000;

/** When a revision of the fleet file that changed a server was applied. */
export interface Revision {
  readonly number: number;
  readonly atMs: number;
}

/** The revisions since `sinceMs` that changed a server, newest first. */
export function useRevisions(client: Client, server: string, sinceMs: number): Revision[] {
  // A begin that moves by the second would be another question each time.
  const asked = { kind: 'fleet.applied', sinceMs: floorMinute(sinceMs), limit: knownMax };
  const { data } = useAsk(client, 'event.list', asked, everyMs);
  return (data?.events ?? [])
    .filter((event) => changes(event['actions'], server))
    .map((event) => ({ number: Number(event['revision']), atMs: event.atMs }));
}

function floorMinute(ms: number): number {
  return Math.floor(ms / 60_000) * 60_000;
}

function changes(actions: unknown, server: string): boolean {
  return Array.isArray(actions) && actions.some((action) => action?.server === server);
}
