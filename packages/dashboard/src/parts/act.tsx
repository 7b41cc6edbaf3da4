import { type ComponentProps, createContext, type ReactNode, useContext } from 'react';
import type { FleetStore } from '../client/fleet-store.ts';
import { useFleet } from '../client/use-fleet.ts';
import type { Say } from '../words/say.ts';

/** Why nothing can be done now; undefined while the daemon can be asked. */
const Hindrance = createContext<string | undefined>(undefined);

/** Tells every act on the page whether there is contact to the daemon. */
export function ActsWithContact(props: {
  readonly fleet: FleetStore;
  readonly say: Say;
  readonly children: ReactNode;
}) {
  const { fleet, say, children } = props;
  useFleet(fleet);
  const hindrance = fleet.contact().kind === 'none' ? say('app.noActs') : undefined;
  return <Hindrance value={hindrance}>{children}</Hindrance>;
}

/** Why nothing can be asked of the daemon now; undefined while it can. */
export function useHindrance(): string | undefined {
  return useContext(Hindrance);
}

/** A button that asks the daemon to do something: without contact it is disabled, and says why. */
export function Act(props: ComponentProps<'button'>) {
  const hindrance = useContext(Hindrance);
  const { disabled = false, title, type = 'button', ...others } = props;
  return (
    <button
      {...others}
      type={type}
      disabled={disabled || hindrance !== undefined}
      title={hindrance ?? title}
    />
  );
}
