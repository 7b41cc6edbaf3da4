import type { PageNeeds } from '../page-needs.ts';
import { attempt } from './toasts.ts';

/** Puts an address of this page, or of `place`, where the reader can paste it from. */
export async function copyLink(
  { say, toasts }: Pick<PageNeeds, 'say' | 'toasts'>,
  place = '',
): Promise<void> {
  await attempt(toasts, {
    work: () => navigator.clipboard.writeText(new URL(place, location.href).href),
    done: say('menu.copied'),
    failed: (reason) => say('menu.notCopied', { reason }),
  });
}
