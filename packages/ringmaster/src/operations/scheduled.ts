const renews: readonly string[] = ['server.restart', 'server.reload'];

/**
 * The input a schedule gives to an operation. Who stopped a server means it more than a schedule that renews
 * processes every night: unless the schedule says `leaveStopped: false`, what is stopped stays so.
 */
export function scheduledInput(operation: string, given: unknown): unknown {
  const isPlain = typeof given === 'object' && given !== null;
  return renews.includes(operation) && isPlain ? { leaveStopped: true, ...given } : given;
}
