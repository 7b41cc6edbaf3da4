/** The number of the next process of an instance, above `known` and every number given for it before. */
export type NextGeneration = (server: string, index: number, known: number) => number;

/**
 * Numbers that go on when an instance leaves its pool, or a server the fleet, and another of the same name and index
 * follows. By its number a process is told from the one before, whose late end must not be taken for its own: what a
 * dead process left is swept away by a mark that contains it. One number is kept for each instance there ever was.
 */
export function createGenerations(): NextGeneration {
  const last = new Map<string, number>();
  return (server, index, known) => {
    const key = `${server}/${index}`;
    const next = Math.max(known, last.get(key) ?? 0) + 1;
    last.set(key, next);
    return next;
  };
}
