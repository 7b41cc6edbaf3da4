import { useEffect } from 'react';
import { useFleet } from '../client/use-fleet.ts';
import type { PageNeeds } from '../page-needs.ts';

/** Puts what a page says first into the title of its tab, with the name of the fleet. */
export function useTitle(said: string, fleet: PageNeeds['fleet']): void {
  const { overview } = useFleet(fleet);
  const name = overview?.fleet ?? '';
  useEffect(() => {
    document.title = `${said} – ${name} – Ringmaster`;
  }, [said, name]);
}
