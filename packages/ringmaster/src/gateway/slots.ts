/** Something that is found by a number of its own while it waits. */
export interface Numbered {
  upstreamId: number;
}

/** What waits for a reply, by request id; see `createSlots`. */
export interface Slots<Waiting extends Numbered> {
  /** The next id that can be taken; ids rise, but not always by one. */
  nextId(): number;
  /** Keeps it under `upstreamId`, which `nextId` gave. */
  put(waiting: Waiting): void;
  /** Keeps one whose id is lower than any `nextId` has given or will give. */
  putEarly(waiting: Waiting): void;
  /** Takes it out; undefined when nothing waits under this id. */
  take(id: number): Waiting | undefined;
  get(id: number): Waiting | undefined;
  all(): Waiting[];
  clear(): void;
}

/**
 * A table with one place for each id modulo its size; an id whose place is taken is skipped. A `Map` would do the same,
 * but one that is filled and emptied all day leaves a chain of its former tables behind, which keeps finished calls
 * alive until a full collection: measured, most of the time spent on collecting garbage.
 */
export function createSlots<Waiting extends Numbered>(firstId: number): Slots<Waiting> {
  let places: (Waiting | undefined)[] = new Array(64).fill(undefined);
  const early = new Map<number, Waiting>();
  let count = 0;
  let next = Math.max(1, firstId);

  function grow(): void {
    const old = places;
    places = new Array(old.length * 2).fill(undefined);
    for (const one of old) if (one !== undefined) places[placeOf(one.upstreamId)] = one;
  }

  // As `%` for whole numbers of any size, and much faster: sizes are powers of two, and `&` takes low bits alone.
  function placeOf(id: number): number {
    return id & (places.length - 1);
  }

  function get(id: number): Waiting | undefined {
    const found = places[placeOf(id)];
    return found?.upstreamId === id ? found : early.get(id);
  }

  return {
    nextId() {
      if (count * 2 >= places.length) grow();
      while (places[placeOf(next)] !== undefined) next += 1;
      return next;
    },
    put(waiting) {
      places[placeOf(waiting.upstreamId)] = waiting;
      count += 1;
      next = waiting.upstreamId + 1;
    },
    putEarly(waiting) {
      early.set(waiting.upstreamId, waiting);
    },
    take(id) {
      const found = get(id);
      if (found === undefined || early.delete(id)) return found;
      places[placeOf(id)] = undefined;
      count -= 1;
      return found;
    },
    get,
    all: () => [...early.values(), ...places.filter((one) => one !== undefined)],
    clear() {
      early.clear();
      places.fill(undefined);
      count = 0;
    },
  };
}
