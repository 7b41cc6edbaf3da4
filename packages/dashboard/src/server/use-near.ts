import { type RefObject, useEffect, useState } from 'react';

/** What lies so far outside of the box is drawn already, so that a reader who scrolls does not see it come. */
export const nearMargin = '1200px 0px';

/**
 * Whether a place is near to what is seen of the box it is scrolled in, and how high it was when it was last drawn, in
 * CSS pixels.
 */
export function useNear(
  place: RefObject<HTMLElement | null>,
  box: RefObject<HTMLElement | null>,
  isWanted: boolean,
): { readonly isNear: boolean; readonly height: number | undefined } {
  const [known, setKnown] = useState({ isNear: isWanted, height: undefined as number | undefined });
  const { isNear } = known;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      ([seen]) => {
        if (seen === undefined || seen.isIntersecting === isNear) return;
        const { height } = seen.boundingClientRect;
        setKnown((before) => ({
          isNear: seen.isIntersecting,
          height: isNear ? height : before.height,
        }));
      },
      { root: box.current, rootMargin: nearMargin },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [place, box, isNear]);
  return known;
}
