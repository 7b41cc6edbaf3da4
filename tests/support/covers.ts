/** Says which operations a journey shows to work; a rule asks for each operation to be named by one. */
export function covers(..._operations: readonly string[]): void {
  // Read as text by tools/rules/catalogues.ts.
}
