import { type Member, type ProcessFigures, readProcessFigures } from '../processes.ts';
import { keepFile } from './kept-files.ts';

/** One process whose figures are read again and again. */
export interface FollowedProcess extends Member {
  /** The very object of the read before while nothing changed; undefined when the process is gone. */
  read(): ProcessFigures | undefined;
  close(): void;
}

/** What `/proc/PID/stat` says is shorter (proc(5): 52 fields); one buffer for all reads. */
const buffer = Buffer.allocUnsafe(2_048);

/**
 * Follows a process through a descriptor that stays open. A server at rest says the same bytes again and again: to
 * compare them costs a fraction of reading figures out of them.
 */
export function followProcess(member: Member): FollowedProcess {
  const file = keepFile(`/proc/${member.pid}/stat`);
  let known = Buffer.alloc(0);
  let figures: ProcessFigures | undefined;
  return {
    pid: member.pid,
    startTime: member.startTime,
    read() {
      const length = file.readInto(buffer);
      if (length === undefined) return undefined;
      if (length === known.length && buffer.compare(known, 0, length, 0, length) === 0)
        return figures;
      known = Buffer.from(buffer.subarray(0, length));
      figures = readProcessFigures(known, member);
      return figures;
    },
    close: file.close,
  };
}
