import { editDistance } from '../fleet/suggest.ts';

/** At most three known names that look like `name`, nearest first: a few letters differ, or one contains the other. */
export function nearestNames(name: string, known: readonly string[]): readonly string[] {
  const wanted = name.slice(0, 100).toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  return known
    .map((candidate) => ({ candidate, distance: distanceTo(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

function distanceTo(wanted: string, candidate: string): number {
  const isPart = wanted.length > 1 && candidate.includes(wanted);
  const isWhole = candidate.length > 1 && wanted.includes(candidate);
  return isPart || isWhole ? 1 : editDistance(wanted, candidate);
}
