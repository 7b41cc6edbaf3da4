/** Runs `work` over all items, at most `maxAtOnce` at a time; what failed does not keep the others from being done. */
export async function inParallel<Item>(
  items: readonly Item[],
  maxAtOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<readonly { readonly item: Item; readonly error: unknown }[]> {
  const failures: { readonly item: Item; readonly error: unknown }[] = [];
  const rest = items.values();
  async function workOn(): Promise<void> {
    // All lanes draw from one iterator, so each item is taken once.
    for (const item of rest) {
      try {
        await work(item);
      } catch (error) {
        failures.push({ item, error });
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(maxAtOnce, items.length) }, workOn));
  return failures;
}
