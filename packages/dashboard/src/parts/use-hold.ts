import { type RefObject, useEffect, useState } from 'react';

/** Farther down than this, in CSS pixels, the reader has left the live edge. */
const edgePixels = 60;

/**
 * Whether a growing list must stand still: the pointer is on it, a row has the focus, text in it is selected, or the
 * page is scrolled away from its newest row.
 */
export function useHold(list: RefObject<HTMLElement | null>): boolean {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    let isPointed = false;
    const look = (): void => {
      const box = list.current;
      const selection = document.getSelection();
      const isSelecting = selection?.isCollapsed === false && box?.contains(selection.anchorNode);
      const isFocused = box?.contains(document.activeElement) === true;
      const isBelow = window.scrollY > edgePixels;
      setIsHeld(isPointed || isBelow || isFocused || isSelecting === true);
    };
    const point = ({ target, pointerType }: PointerEvent): void => {
      isPointed = pointerType === 'mouse' && list.current?.contains(target as Node) === true;
      look();
    };
    const away = (): void => {
      isPointed = false;
      look();
    };
    document.addEventListener('pointerover', point);
    document.documentElement.addEventListener('pointerleave', away);
    document.addEventListener('selectionchange', look);
    document.addEventListener('focusin', look);
    document.addEventListener('focusout', look);
    window.addEventListener('scroll', look, { passive: true });
    return () => {
      document.removeEventListener('pointerover', point);
      document.documentElement.removeEventListener('pointerleave', away);
      document.removeEventListener('selectionchange', look);
      document.removeEventListener('focusin', look);
      document.removeEventListener('focusout', look);
      window.removeEventListener('scroll', look);
    };
  }, [list]);
  return isHeld;
}

/** Ends what holds lists still: goes back to the newest row, with nothing focused or selected. */
export function letGo(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  document.getSelection()?.removeAllRanges();
  window.scrollTo({ top: 0 });
}
