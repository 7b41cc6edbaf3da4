import { type RefCallback, useCallback, useState } from 'react';

/** How wide a place is, in CSS pixels; `usual` until it is measured. So a drawing keeps its letters' size. */
export function useWidth(usual: number): readonly [RefCallback<Element>, number] {
  const [width, setWidth] = useState(usual);
  const place = useCallback((element: Element | null) => {
    if (element === null) return;
    const watch = new ResizeObserver(([entry]) => {
      const now = Math.round(entry?.contentRect.width ?? 0);
      if (now > 0) setWidth(now);
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return [place, width];
}
