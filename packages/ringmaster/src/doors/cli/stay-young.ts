import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/**
 * Lets young objects stay young. V8 makes objects old at birth where it saw many of their kind survive, as it does when
 * a thousand servers or sessions begin; from then on the same code makes old objects for every request, and what these
 * point to outlives small collections too. Measured with 1,000 remote servers: 4 MB became old with each small
 * collection, which took 8 ms instead of 1, and a call cost half as much CPU again.
 *
 * To be called when all code is loaded: V8 refuses what it compiled in the build once a flag is another.
 */
export function keepYoungObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/** With so many cores or fewer a helper has to wait for one, as clients and servers use them. */
const crowdedCores = 2;

/**
 * Lets one thread collect young objects where cores are few. V8 shares the work with a helper thread, and calls wait
 * until both are done: where clients and servers keep every core busy, until the helper has had its turn on one
 * (decisions/0023). As above, to be called when all code is loaded.
 */
export function collectYoungObjectsAlone(): void {
  if (availableParallelism() <= crowdedCores) setFlagsFromString('--no-parallel-scavenge');
}
