import { useCallback, useMemo, useSyncExternalStore } from 'react';

function subscribe(hear: () => void): () => void {
  addEventListener('hashchange', hear);
  return () => removeEventListener('hashchange', hear);
}

/** The part of the address after `#`, without the part after a `?` in it. */
export function useHash(): string {
  return useSyncExternalStore(subscribe, () => location.hash.slice(1).split('?')[0] ?? '');
}

/** What stands after the `?` in that part of the address, and a way to change one field of it without a step back. */
export function useHashQuery(): readonly [URLSearchParams, (name: string, value: string) => void] {
  const text = useSyncExternalStore(subscribe, () => location.hash.split('?')[1] ?? '');
  const query = useMemo(() => new URLSearchParams(text), [text]);
  const set = useCallback((name: string, value: string): void => {
    const [tab = '', before = ''] = location.hash.slice(1).split('?');
    const next = new URLSearchParams(before);
    if (value === '') next.delete(name);
    else next.set(name, value);
    history.replaceState(
      history.state,
      '',
      `#${[tab || 'now', `${next}`].filter(Boolean).join('?')}`,
    );
    dispatchEvent(new Event('hashchange'));
  }, []);
  return [query, set];
}
