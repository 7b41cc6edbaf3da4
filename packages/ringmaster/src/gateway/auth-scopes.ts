/** What decides which scopes are asked for. */
export interface ScopeFacts {
  /** From the challenge of the server. */
  readonly challenged: readonly string[];
  /** From the fleet file. */
  readonly configured: readonly string[];
  /** From the metadata of the server; undefined when it lists none. */
  readonly supported: readonly string[] | undefined;
  /** Asked for at the sign-in before, with the same authorization server. */
  readonly before: readonly string[];
  /** Scopes the authorization server lists. */
  readonly listed: readonly string[];
}

/** Scope that makes an authorization server give a refresh token. */
const offline = 'offline_access';

/**
 * Scopes to ask for: those of the challenge and of the fleet file, else those the server supports, together with those
 * asked for before, so that a step up loses none (2026-07-28, authorization, scope selection and step-up). Where there
 * is nothing to ask for, nothing is. `offline_access` is added only where the authorization server lists it.
 */
export function chooseScopes(facts: ScopeFacts): readonly string[] {
  const asked = union(facts.configured, facts.challenged);
  const chosen = union(facts.before, asked.length > 0 ? asked : (facts.supported ?? []));
  return chosen.length > 0 && facts.listed.includes(offline) ? union(chosen, [offline]) : chosen;
}

/** Whether asking again can help: the server wants a scope that was not asked for yet. */
export function isStepUp(challenged: readonly string[], before: readonly string[]): boolean {
  return challenged.some((scope) => !before.includes(scope));
}

/** Every scope of both lists once, in the order of their first mention. */
export function union(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])];
}
