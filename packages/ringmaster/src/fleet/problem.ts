/** One fault in a fleet file; where it stands in the file is found by the reader, from `path`. */
export interface FleetProblem {
  /** Keys from the top of the file to the fault. */
  readonly path: readonly (string | number)[];
  /** Whether the key itself is at fault, or the value under it. */
  readonly at: 'key' | 'value';
  /** What was found and what is needed, in one line; never a value of `env` or `headers`. */
  readonly message: string;
}

/** `servers.files.args[0]`: a path as people write it. */
export function pathText(path: readonly (string | number)[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else text += text === '' ? key : `.${key}`;
  }
  return text;
}
