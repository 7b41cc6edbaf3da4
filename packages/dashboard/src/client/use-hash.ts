import { useSyncExternalStore } from 'react';

function subscribe(hear: () => void): () => void {
  addEventListener('hashchange', hear);
  return () => removeEventListener('hashchange', hear);
}

/** The part of the address after `#`, without the part after a `?` in it. */
export function useHash(): string {
  return useSyncExternalStore(subscribe, () => location.hash.slice(1).split('?')[0] ?? '');
}
