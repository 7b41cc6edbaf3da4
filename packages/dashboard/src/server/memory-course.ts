import { fitTrend } from 'ringmaster/trend';

/** A step of the memory of a server, in bytes. */
export interface MemoryPoint {
  readonly atMs: number;
  /** Samples in the step. */
  readonly count: number;
  readonly mean: number;
}

/** What can be said of the memory of a server since it last began anew. */
export type MemoryCourse =
  | {
      readonly kind: 'steady';
      readonly lowBytes: number;
      readonly highBytes: number;
      readonly samples: number;
    }
  | {
      readonly kind: 'grows';
      readonly sinceMs: number;
      /** The revision of the fleet file it grows since, when it began with one. */
      readonly revision: number | undefined;
      readonly fromBytes: number;
      readonly toBytes: number;
      readonly bytesPerMinute: number;
      readonly samples: number;
      /** When the limit is reached at this pace, from the newest point on; undefined without a limit or beyond a week. */
      readonly limitInMs: number | undefined;
    };

const dayMs = 86_400_000;
const minutesPerDay = 1_440;
/** A trend looks at every pair of points: so many are enough to see it. */
const fittedMax = 60;
/** Less than this share more than at the begin is no growth worth a word. */
const growthMin = 0.1;
/** Of the life of a process its first part is left out: who starts takes memory. */
const startShare = 0.1;

/**
 * Looks at the time after the newest death or revision; undefined where too little is known of it. It grows where the
 * whole interval of the trend (95 %) lies above zero.
 */
export function memoryCourse(
  points: readonly MemoryPoint[],
  known: {
    readonly deathsMs: readonly number[];
    readonly revisions: readonly { readonly number: number; readonly atMs: number }[];
    readonly limitBytes: number | undefined;
  },
): MemoryCourse | undefined {
  const died = Math.max(...known.deathsMs, Number.NEGATIVE_INFINITY);
  const revision = known.revisions
    .filter(({ atMs }) => atMs > died)
    .reduce<(typeof known.revisions)[number] | undefined>(
      (newest, one) => (newest === undefined || one.atMs > newest.atMs ? one : newest),
      undefined,
    );
  const beginMs = revision?.atMs ?? died;
  const life = points.filter(({ atMs }) => atMs >= beginMs);
  const settled = life.slice(Math.floor(life.length * startShare));
  const [first, last] = [settled[0], settled.at(-1)];
  const every = Math.ceil(settled.length / fittedMax);
  const fitted = settled.filter((_, at) => (settled.length - 1 - at) % every === 0);
  const trend = fitTrend(fitted.map(({ atMs, mean }) => ({ atMs, value: mean })));
  if (trend === undefined || first === undefined || last === undefined) return undefined;

  const samples = settled.reduce((sum, { count }) => sum + count, 0);
  const grown = (trend.perDay * (last.atMs - first.atMs)) / dayMs;
  const fromBytes = Math.max(0, trend.now - grown);
  if (trend.perDayLow <= 0 || grown < fromBytes * growthMin) {
    const means = settled.map(({ mean }) => mean);
    return {
      ...{ kind: 'steady', samples },
      ...{ lowBytes: Math.min(...means), highBytes: Math.max(...means) },
    };
  }
  const limitInMs = (((known.limitBytes ?? Number.NaN) - trend.now) / trend.perDay) * dayMs;
  return {
    ...{ kind: 'grows', samples, fromBytes, toBytes: trend.now },
    ...{ sinceMs: revision?.atMs ?? first.atMs, revision: revision?.number },
    bytesPerMinute: trend.perDay / minutesPerDay,
    limitInMs: limitInMs > 0 && limitInMs < 7 * dayMs ? limitInMs : undefined,
  };
}
