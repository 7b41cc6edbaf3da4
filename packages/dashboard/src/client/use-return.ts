import { useLayoutEffect, useState } from 'react';
import { useLocation } from 'wouter';

/** A page that is gone back to may take this long to be as high as it was, in ms. */
const patienceMs = 2_000;
/** Pages whose place is kept, the oldest of them dropped. */
const placesMax = 50;

/** Where the reader was on each page, and whether the page on the way comes by going back. */
interface Places {
  path: string;
  isBack: boolean;
  readonly tops: Map<string, number>;
}

/**
 * Going back restores where the reader was on the page, and the focus on the row they went through; a page that is
 * gone to begins at its top. Pages of one list (`/calls`, `/calls/7`) are one page here.
 */
export function useReturn(): void {
  // Made while the first page is drawn: so it hears of a step before the router, which draws the other page at once.
  const [places] = useState(createPlaces);
  const [path] = useLocation();
  useLayoutEffect(() => {
    const { path: from, isBack } = places;
    places.path = path;
    places.isBack = false;
    if (from === path) return;
    if (isBack) return restore(places.tops.get(path) ?? 0, from);
    if (from.split('/')[1] !== path.split('/')[1]) scrollTo({ top: 0 });
    return;
  }, [path, places]);
}

function createPlaces(): Places {
  const places: Places = { path: location.pathname, isBack: false, tops: new Map() };
  addEventListener('popstate', () => {
    // A step to another tab of the same page is none.
    places.isBack = location.pathname !== places.path;
  });
  addEventListener(
    'scroll',
    () => {
      const { tops, path } = places;
      tops.delete(path);
      tops.set(path, scrollY);
      const [oldest] = tops.keys();
      if (tops.size > placesMax && oldest !== undefined) tops.delete(oldest);
    },
    { passive: true },
  );
  return places;
}

/** Tries at each frame until the page is high enough; ends when the reader takes over. */
function restore(top: number, from: string): () => void {
  const endAtMs = performance.now() + patienceMs;
  let frame = requestAnimationFrame(attempt);
  const end = (): void => cancelAnimationFrame(frame);
  for (const kind of takingOver) addEventListener(kind, end, { once: true });

  function attempt(): void {
    const row = rowOf(from);
    if (row !== undefined && document.activeElement !== row) row.focus({ preventScroll: true });
    scrollTo({ top });
    const isThere = Math.abs(scrollY - top) < 2 && row !== undefined;
    if (!isThere && performance.now() < endAtMs) frame = requestAnimationFrame(attempt);
  }
  return () => {
    end();
    for (const kind of takingOver) removeEventListener(kind, end);
  };
}

const takingOver = ['wheel', 'keydown', 'pointerdown', 'touchstart'] as const;

function rowOf(path: string): HTMLAnchorElement | undefined {
  const rows = document.querySelectorAll<HTMLAnchorElement>('a[data-row]');
  return [...rows].find(({ pathname }) => pathname === path);
}
