import type { ServerRow } from '../client/fleet-store.ts';
import { processLimit } from '../client/process-limit.ts';
import type { Death } from '../client/use-deaths.ts';
import { bytes, clockTime, duration, number } from '../format.ts';
import type { Say } from '../words/say.ts';
import { memoryCourse } from './memory-course.ts';
import { levelsOf, type Rules } from './rule-levels.ts';
import type { MemoryMark, NumberedTime } from './what-happened.tsx';

/** What memory is measured against: the limit of the one process there may be, and where the alert begins to warn. */
export function memoryMarks(server: ServerRow, rules: Rules): MemoryMark[] {
  const limit = processLimit(server, 'memoryBytes');
  const { warning } = levelsOf(rules, 'memoryBytes', server.server);
  return [
    ...(limit === undefined ? [] : [{ kind: 'limit', bytes: limit } as const]),
    ...(warning === undefined ? [] : [{ kind: 'warning', bytes: warning } as const]),
  ];
}

/** What memory did, in a sentence with its evidence; nothing where too little is known. */
export function MemoryWords(props: {
  readonly points: Parameters<typeof memoryCourse>[0];
  readonly died: readonly Death[];
  readonly revisions: readonly NumberedTime[];
  readonly marks: readonly MemoryMark[];
  readonly say: Say;
}) {
  const { points, died, revisions, marks, say } = props;
  const limitBytes = marks.find(({ kind }) => kind === 'limit')?.bytes;
  const deathsMs = died.map(({ atMs }) => atMs);
  const course = memoryCourse(points, { deathsMs, revisions, limitBytes });
  if (course === undefined) return null;
  const count = number(course.samples);
  if (course.kind === 'steady') {
    const [from, to] = [size(course.lowBytes), size(course.highBytes)];
    const words = from === to ? 'course.flat' : 'course.steady';
    return <p className="course">{say(words, { from, to, count })}</p>;
  }
  const fills = {
    ...{ count, pace: size(course.bytesPerMinute), time: clockTime(course.sinceMs) },
    ...{ from: size(course.fromBytes), to: size(course.toBytes) },
  };
  const { revision, limitInMs } = course;
  return (
    <p className="course">
      <b>
        {revision === undefined
          ? say('course.grows', fills)
          : say('course.growsSince', { ...fills, number: revision })}
      </b>{' '}
      {limitInMs === undefined
        ? null
        : say('course.reaches', {
            limit: size(limitBytes ?? 0),
            long: duration(limitInMs, say.time),
          })}
    </p>
  );
}

function size(count: number): string {
  const { value, unit } = bytes(count);
  return `${value}\u00a0${unit}`;
}
