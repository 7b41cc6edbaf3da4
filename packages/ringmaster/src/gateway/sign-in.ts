/** Tokens of one server as its authorization server gave them. Secrets: kept sealed, never shown. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Undefined when it was not told. */
  readonly expiresAtMs?: number;
  /** When they are to be renewed, so that none ends on its way. */
  readonly renewAtMs?: number;
  /** What was granted. */
  readonly scopes: readonly string[];
}

/** As whom we are known to an authorization server. Secret. */
export interface KnownClient {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly token_endpoint_auth_method?: string;
}

/**
 * All that was agreed for one server with one authorization server on behalf of one principal. Bound to the address of
 * the server: an entry of the same name that leads elsewhere begins anew.
 */
export interface Credential {
  readonly server: string;
  readonly url: string;
  readonly issuer: string;
  /** Whose it is; every client of this daemon is the same person so far. */
  readonly principal: 'local';
  /** Metadata of the authorization server as it was when somebody signed in. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Resource indicator (RFC 8707) the tokens are for. */
  readonly resource: string;
  readonly client: KnownClient;
  /** Callback the client was registered with; undefined when none was needed. */
  readonly redirectUri?: string;
  /** Scopes asked for. */
  readonly askedScopes: readonly string[];
  readonly tokens?: Tokens;
}

/** How a server stands with its authorization server, for people. Holds no secret. */
export interface SignInView {
  /** `needed`: nobody signed in, or that ended; `underWay`: a person is at it; `expired`: cannot be renewed. */
  readonly state: 'needed' | 'underWay' | 'signedIn' | 'expired';
  /** What is amiss or was refused last, in one sentence. */
  readonly why?: string;
  readonly issuer?: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs?: number;
}

/** A sign-in that was begun. */
export interface BegunSignIn {
  /** Page a person must open; undefined when none is needed and the client itself has signed in. */
  readonly url?: string;
  /** When it is given up. */
  readonly expiresAtMs?: number;
}

/** What can be asked about signing in to remote servers. */
export interface SignInDesk {
  /** Rejects with `not_supported`, `sign_in_failed`. */
  begin(server: string): Promise<BegunSignIn>;
  /** Forgets the tokens of a server, and asks its authorization server to do so, too; false when there were none. */
  end(server: string): Promise<boolean>;
  /** Undefined where signing in was never an issue. */
  view(server: string): SignInView | undefined;
}

/** Tokens are renewed this long before they end; of those that live shortly, after three quarters of their life. */
const renewBeforeMs = 60_000;
const renewShare = 0.25;

/** When tokens that come now and live this long end, and when they are to be renewed. */
export function lifeOf(lifeMs: number, nowMs: number): Pick<Tokens, 'expiresAtMs' | 'renewAtMs'> {
  const beforeMs = Math.min(renewBeforeMs, lifeMs * renewShare);
  return { expiresAtMs: nowMs + lifeMs, renewAtMs: nowMs + lifeMs - beforeMs };
}

/** What to do about tokens before the next request. */
export function tokenCare(tokens: Tokens | undefined, nowMs: number): 'use' | 'renew' | 'none' {
  if (tokens === undefined) return 'none';
  const { expiresAtMs, renewAtMs = expiresAtMs, refreshToken } = tokens;
  if (expiresAtMs === undefined || renewAtMs === undefined || nowMs < renewAtMs) return 'use';
  if (refreshToken !== undefined) return 'renew';
  return nowMs < expiresAtMs ? 'use' : 'none';
}

/** What is known of one server's sign-in. */
export interface SignInFacts {
  readonly credential: Credential | undefined;
  /** Why a person is needed, or what failed last. */
  readonly trouble: string | undefined;
  readonly isUnderWay: boolean;
  readonly nowMs: number;
}

/** The view of a server; undefined when signing in was never an issue there. */
export function signInView(facts: SignInFacts): SignInView | undefined {
  const { credential, trouble, isUnderWay, nowMs } = facts;
  const tokens = credential?.tokens;
  if (tokens === undefined && trouble === undefined && !isUnderWay) return undefined;
  const state = isUnderWay ? 'underWay' : tokens === undefined ? 'needed' : stateOf(tokens, nowMs);
  return {
    state,
    scopes: tokens?.scopes ?? [],
    ...(trouble === undefined ? {} : { why: trouble }),
    ...(credential === undefined ? {} : { issuer: credential.issuer }),
    ...(tokens?.expiresAtMs === undefined ? {} : { expiresAtMs: tokens.expiresAtMs }),
  };
}

function stateOf(tokens: Tokens, nowMs: number): SignInView['state'] {
  return tokenCare(tokens, nowMs) === 'none' ? 'expired' : 'signedIn';
}
