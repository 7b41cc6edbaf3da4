/** What a server sent that could not be used. */
export interface Dropped {
  /** Not JSON, or no message. */
  garbage: number;
  /** Replies to nothing, progress of nothing. */
  strays: number;
  /** Requests that are not answered. */
  refused: number;
  /** How the first garbage began. */
  sample?: string;
}

/** Longest piece of garbage that is kept, in characters. */
const sampleMaxChars = 200;

/** Counts what is no message, and keeps how the first of it began: it tells what the server is instead. */
export function dropGarbage(dropped: Dropped, line: string | undefined): void {
  dropped.garbage += 1;
  dropped.sample ??= line?.slice(0, sampleMaxChars) ?? '';
}
