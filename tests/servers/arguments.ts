/** The value after `--name` on the command line; undefined when it is not there. */
export function textArgument(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** The number after `--name`, or `otherwise`. */
export function numberArgument(name: string, otherwise: number): number {
  const text = textArgument(name);
  return text === undefined ? otherwise : Number(text);
}

/** Whether the flag `--name` was given. */
export function hasArgument(name: string): boolean {
  return process.argv.includes(`--${name}`);
}
