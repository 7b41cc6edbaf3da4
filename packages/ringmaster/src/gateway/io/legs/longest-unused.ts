import type { Session } from './session.ts';

/** Of all sessions, those that are found at once. */
const foundShare = 0.01;

/**
 * Finds the session that was not used for longest. All are looked through for a hundredth of them at once: whoever was
 * not used since is still the longest unused, as use only ever makes younger.
 */
export function createLongestUnused(
  sessions: ReadonlyMap<string, Session>,
  isThere: (session: Session) => boolean,
): () => Session | undefined {
  /** The longest unused last. */
  let found: { readonly session: Session; readonly tickMs: number }[] = [];

  function takeFound(): Session | undefined {
    for (let one = found.pop(); one !== undefined; one = found.pop()) {
      const { session, tickMs } = one;
      if (isThere(session) && session.lastUsedTickMs === tickMs) return session;
    }
    return undefined;
  }

  function look(): void {
    found = [...sessions.values()]
      .map((session) => ({ session, tickMs: session.lastUsedTickMs }))
      .sort((one, other) => other.tickMs - one.tickMs)
      .slice(-Math.ceil(sessions.size * foundShare));
  }

  return () => {
    const known = takeFound();
    if (known !== undefined || sessions.size === 0) return known;
    look();
    return takeFound();
  };
}
