import { Problem } from '../../../errors.ts';
import { type Challenge, readChallenge } from '../../auth-challenge.ts';
import { isStepUp } from '../../auth-scopes.ts';
import { type Credential, tokenCare } from '../../sign-in.ts';
import {
  type Account,
  type AccountNeeds,
  dropTokens,
  findIssuer,
  scopesFor,
  signInNeeded,
  takeTokens,
} from './account.ts';
import type { Discovered } from './discovery.ts';

/** Proves to one server on whose behalf its requests come. */
export interface Authorizer {
  /**
   * Undefined when the next request may go out at once; else resolves when tokens that end soon are renewed. Rejects
   * with `sign_in_needed` or `sign_in_failed`.
   */
  ready(): Promise<void> | undefined;
  /** What to add to the headers of a request now. */
  headers(): Readonly<Record<string, string>>;
  /**
   * The server refused a request: `again` when there are new tokens to try, `pass` when it is no matter of signing in.
   * Rejects with `sign_in_needed` or `sign_in_failed`. Requests refused together are helped together.
   */
  refused(refusal: Refusal): Promise<'again' | 'pass'>;
  /** Gets tokens for the client itself, for grants that need no person; rejects with `sign_in_failed`. */
  signInAsClient(): Promise<void>;
}

/** A request that was answered with 401 or 403. */
export interface Refusal {
  readonly status: number;
  /** Its `WWW-Authenticate` header. */
  readonly challenge: string | undefined;
  /** The headers it was sent with, as `headers` gave them. */
  readonly sentWith: Readonly<Record<string, string>>;
}

/** Tokens that took the place of refused ones and are refused this soon are not replaced once more. */
const freshMs = 10_000;
/** A person is known to be needed this long before the server is asked about it again. */
const quietMs = 10_000;

const noHeaders: Readonly<Record<string, string>> = {};

/** An authorizer for one account. */
export function createAuthorizer(account: Account, needs: AccountNeeds): Authorizer {
  const { clock } = needs;
  const { server, settings } = account;
  const underWay = new Map<string, Promise<'again' | 'pass'>>();
  let renewing: Promise<void> | undefined;
  let asking: Promise<'again' | 'pass'> | undefined;
  /** When tokens took the place of refused ones. */
  let replacedAtTickMs = Number.NEGATIVE_INFINITY;
  let headers = noHeaders;
  let headersOf: string | undefined;

  function renew(): Promise<void> {
    renewing ??= renewNow().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  async function renewNow(): Promise<void> {
    const { credential } = account;
    const refreshToken = credential?.tokens?.refreshToken;
    if (credential === undefined || refreshToken === undefined) return;
    const [{ renewedTokens }, { endOf, oauthReason }] = await loadGrants();
    try {
      const { fetch } = account;
      const about = { settings, fetch, nowMs: clock.nowMs(), credential, refreshToken };
      const tokens = await renewedTokens(about);
      // A sign-out meanwhile wins.
      if (account.credential === credential) keep(credential, tokens);
    } catch (error) {
      const end = endOf(error);
      if (end === undefined) {
        const what = `Server "${server}": cannot renew its sign-in: ${oauthReason(error)}`;
        throw new Problem('sign_in_failed', what);
      }
      const client = end === 'client' ? 'forgotten' : 'known';
      if (account.credential === credential) dropTokens(account, needs, client);
      const why = `its authorization server ended the sign-in (${oauthReason(error)})`;
      throw signInNeeded(account, why, needs);
    }
  }

  function keep(credential: Credential, tokens: NonNullable<Credential['tokens']>): void {
    takeTokens(account, { ...credential, tokens }, needs);
  }

  /** Tokens for the client itself, which needs no person. */
  function askAsClient(given?: Discovered): Promise<'again' | 'pass'> {
    asking ??= askNow(given).finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function askNow(given: Discovered | undefined): Promise<'again' | 'pass'> {
    const found = given ?? (await findIssuer(account));
    if (found === undefined) return 'pass';
    const known = knownAt(found.issuer);
    const scopes = scopesFor(account, found, known);
    const [{ tokensForClient }, { oauthReason }] = await loadGrants();
    try {
      const about = { settings, fetch: account.fetch, nowMs: clock.nowMs(), found, scopes };
      const tokens = await tokensForClient(about);
      const { issuer, metadata, resource } = found;
      const client = { client_id: settings.clientId ?? '' };
      const where = { server, url: account.url, principal: 'local', issuer } as const;
      keep({ ...where, metadata, resource, client, askedScopes: scopes }, tokens);
    } catch (error) {
      const why = `authorization server ${found.issuer} gave no tokens: ${oauthReason(error)}`;
      account.trouble = { why, atTickMs: clock.tickMs() };
      throw new Problem('sign_in_failed', `Server "${server}": ${why}`);
    }
    return 'again';
  }

  function knownAt(issuer: string): Credential | undefined {
    return needs.vault.get({ server, url: account.url, issuer });
  }

  async function helpUnknown(): Promise<'again' | 'pass'> {
    const { trouble, credential } = account;
    const tickMs = clock.tickMs();
    const isQuiet = trouble !== undefined && tickMs - trouble.atTickMs < quietMs;
    if (isQuiet && credential?.tokens === undefined)
      throw signInNeeded(account, trouble.why, needs);
    const isFresh = tickMs - replacedAtTickMs < freshMs;
    const found = await findIssuer(account);
    if (found === undefined) return 'pass';
    if (settings.grant === 'client_credentials') {
      if (isFresh) return 'pass';
      await askAsClient(found);
      replacedAtTickMs = clock.tickMs();
      return 'again';
    }
    const isSame = credential?.issuer === found.issuer;
    if (isSame && !isFresh && credential.tokens?.refreshToken !== undefined) {
      await renew();
      replacedAtTickMs = clock.tickMs();
      return 'again';
    }
    const hadTokens = credential?.tokens !== undefined;
    dropTokens(account, needs);
    if (!hadTokens) throw signInNeeded(account, 'nobody has signed in yet', needs);
    const moved = `its authorization server is now ${found.issuer}`;
    throw signInNeeded(account, isSame ? 'it refuses the sign-in there was' : moved, needs);
  }

  async function helpStepUp({ scopes }: Challenge): Promise<'again' | 'pass'> {
    const asked = account.credential?.askedScopes ?? [];
    if (!isStepUp(scopes, asked)) {
      const what = `it refuses although these scopes were asked for: ${scopes.join(' ') || 'none named'}`;
      throw new Problem('sign_in_failed', `Server "${server}": ${what}`);
    }
    if (settings.grant === 'client_credentials') return askAsClient();
    const why = `it wants more rights for this: scopes ${scopes.join(' ').slice(0, 300)}`;
    throw signInNeeded(account, why, needs);
  }

  function current(): Readonly<Record<string, string>> {
    const token = account.credential?.tokens?.accessToken;
    if (token === headersOf) return headers;
    headersOf = token;
    headers = token === undefined ? noHeaders : { authorization: `Bearer ${token}` };
    return headers;
  }

  return {
    ready() {
      const { credential } = account;
      const care = tokenCare(credential?.tokens, clock.nowMs());
      if (care === 'use') return undefined;
      if (care === 'renew') {
        return renew().catch((error: unknown) => {
          // Tokens that have not ended yet are still good for this request.
          const endsAtMs = account.credential?.tokens?.expiresAtMs;
          if (endsAtMs === undefined || clock.nowMs() >= endsAtMs) throw error;
        });
      }
      const isExpected = settings.type === 'oauth';
      if (settings.grant === 'client_credentials')
        return isExpected || credential !== undefined ? askAsClient().then(() => {}) : undefined;
      if (!isExpected) return undefined;
      return Promise.reject(signInNeeded(account, 'nobody has signed in yet', needs));
    },
    headers: current,
    async signInAsClient() {
      if ((await askAsClient()) === 'again') return;
      const what = `Server "${server}" names no authorization server`;
      throw new Problem('sign_in_failed', what);
    },
    refused({ status, challenge: header, sentWith }) {
      const challenge = readChallenge(header);
      const isScope = status === 403 && challenge.error === 'insufficient_scope';
      if (status !== 401 && !isScope) return Promise.resolve('pass');
      // Others were refused with the same tokens before, and were helped.
      if (sentWith !== current()) return Promise.resolve('again');
      account.challenge = challenge;
      const key = `${status} ${challenge.scopes.join(' ')}`;
      const known = underWay.get(key);
      if (known !== undefined) return known;
      const help = (isScope ? helpStepUp(challenge) : helpUnknown()).finally(() => {
        underWay.delete(key);
      });
      underWay.set(key, help);
      return help;
    },
  };
}

function loadGrants() {
  return Promise.all([import('./grants.ts'), import('./oauth-reason.ts')]);
}
