import type { Clock } from '../../../clock.ts';
import { Problem } from '../../../errors.ts';
import type { LaunchAuth } from '../../../fleet/expand.ts';
import type { Append } from '../../../journal/events.ts';
import type { Challenge } from '../../auth-challenge.ts';
import { reachOf } from '../../auth-reach.ts';
import { chooseScopes } from '../../auth-scopes.ts';
import type { Credential, Tokens } from '../../sign-in.ts';
import type { Discovered } from './discovery.ts';
import { createGuardedFetch, type GuardedFetch, nearnessOf } from './guarded-fetch.ts';
import type { Vault } from './vault.ts';

/** One server as far as signing in to it goes; shared by all its instances. */
export interface Account {
  readonly server: string;
  readonly url: string;
  readonly settings: LaunchAuth;
  readonly fetch: GuardedFetch;
  /** What the server said when it refused last. */
  challenge: Challenge | undefined;
  /** In use now. */
  credential: Credential | undefined;
  /** Why a person is needed, or what failed last. */
  trouble: { readonly why: string; readonly atTickMs: number } | undefined;
}

/** What those who work on an account share. */
export interface AccountNeeds {
  readonly clock: Clock;
  readonly append: Append;
  readonly vault: Vault;
}

/** An account that goes on with what the vault holds for this very address. */
export function openAccount(
  of: { readonly server: string; readonly url: string; readonly settings: LaunchAuth },
  { vault }: AccountNeeds,
): Account {
  const { hostname } = new URL(of.url);
  return {
    ...of,
    fetch: createGuardedFetch(reachOf(hostname, nearnessOf, of.settings.allowPrivate)),
    challenge: undefined,
    credential: vault.newest(of.server, of.url),
    trouble: undefined,
  };
}

/** Finds the authorization server; undefined when the server has none. */
export async function findIssuer(account: Account): Promise<Discovered | undefined> {
  const { discover } = await import('./discovery.ts');
  const { server, url, challenge, settings, fetch } = account;
  const found = await discover({ server, url, challenge, fetch, issuer: settings.issuer });
  if (found !== undefined) requireTrusted(account, found);
  return found;
}

/** A secret of the fleet file goes only where it went first: the server must not choose who learns it. */
function requireTrusted({ server, settings, credential }: Account, found: Discovered): void {
  const hasSecret = settings.clientSecret !== undefined || settings.privateKeyFile !== undefined;
  const before = credential?.issuer;
  if (!hasSecret || settings.issuer !== undefined) return;
  if (before === undefined || before === found.issuer) return;
  const changed = `its authorization server was ${before} and is now ${found.issuer}`;
  const needed = 'needed auth.issuer in the fleet file before it is told the client secret';
  throw new Problem('sign_in_failed', `Server "${server}": ${changed}; ${needed}`);
}

/** Scopes to ask for at this authorization server. */
export function scopesFor(
  account: Account,
  found: Discovered,
  known: Credential | undefined,
): readonly string[] {
  return chooseScopes({
    challenged: account.challenge?.scopes ?? [],
    configured: account.settings.scopes,
    supported: found.supported,
    before: known?.askedScopes ?? [],
    listed: found.metadata.scopes_supported ?? [],
  });
}

/** Tokens came: they are kept, and what was amiss is over. */
export function takeTokens(
  account: Account,
  credential: Credential & { readonly tokens: Tokens },
  { vault }: AccountNeeds,
): void {
  vault.put(credential);
  account.credential = credential;
  account.trouble = undefined;
}

/**
 * Tokens that are refused are of no use to anybody. As whom we are registered stays known, unless the authorization
 * server forgot that, too: what has no callback is registered anew.
 */
export function dropTokens(
  account: Account,
  { vault }: AccountNeeds,
  client: 'known' | 'forgotten' = 'known',
): void {
  const { credential } = account;
  if (credential?.tokens === undefined) return;
  const { tokens: _, redirectUri, ...rest } = credential;
  const isKept = client === 'known' && redirectUri !== undefined;
  account.credential = isKept ? { ...rest, redirectUri } : rest;
  vault.put(account.credential);
}

/** Notes that a person is needed, and the error that tells it; the journal hears each reason once. */
export function signInNeeded(
  account: Account,
  why: string,
  { clock, append }: AccountNeeds,
): Problem {
  const { server } = account;
  if (account.trouble?.why !== why)
    append({ atMs: clock.nowMs(), kind: 'signIn.needed', subject: server, why });
  account.trouble = { why, atTickMs: clock.tickMs() };
  const what = `Server "${server}" needs a sign-in, as ${why}; run: ringmaster login ${server}`;
  return new Problem('sign_in_needed', what, { details: { server } });
}
