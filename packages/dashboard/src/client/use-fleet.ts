import { useSyncExternalStore } from 'react';
import type { FleetState, FleetStore } from './fleet-store.ts';

/** What is known of the fleet; the part is drawn again when that changes. */
export function useFleet(store: FleetStore): FleetState {
  return useSyncExternalStore(store.subscribe, store.state);
}
