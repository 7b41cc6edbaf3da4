/** Plans that wait for a yes at one time; the oldest makes room. */
const plansMax = 100;
/** A plan that nobody confirmed is forgotten. */
const plansMs = 300_000;

/** What a tool would do, kept until somebody says yes. */
export interface Plans {
  /** Keeps it and returns the id it is confirmed with. */
  keep(tool: string, given: unknown): string;
  /** Whether this id stands for exactly this call; the id is used up. */
  take(id: string, tool: string, given: unknown): boolean;
}

/** Remembers planned calls by an id that cannot be guessed, for 5 minutes. */
export function createPlans(needs: { tickMs(): number; newId(): string }): Plans {
  const plans = new Map<string, { readonly call: string; readonly untilTickMs: number }>();
  const callOf = (tool: string, given: unknown) => JSON.stringify([tool, given]);
  return {
    keep(tool, given) {
      const id = needs.newId();
      plans.set(id, { call: callOf(tool, given), untilTickMs: needs.tickMs() + plansMs });
      const [oldest] = plans.keys();
      if (plans.size > plansMax && oldest !== undefined) plans.delete(oldest);
      return id;
    },
    take(id, tool, given) {
      const plan = plans.get(id);
      const fits = plan?.call === callOf(tool, given) && plan.untilTickMs >= needs.tickMs();
      if (fits) plans.delete(id);
      return fits;
    },
  };
}
