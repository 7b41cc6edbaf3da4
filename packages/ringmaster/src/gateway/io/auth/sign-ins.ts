import type { IncomingMessage, ServerResponse } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { messageChain, Problem } from '../../../errors.ts';
import { askedLanguage } from '../../../japanese/asked-language.ts';
import type { ConversationTarget } from '../../../supervisor/conversation.ts';
import { type BegunSignIn, type SignInDesk, signInView } from '../../sign-in.ts';
import {
  type Account,
  type AccountNeeds,
  findIssuer,
  openAccount,
  scopesFor,
  takeTokens,
} from './account.ts';
import { type Authorizer, createAuthorizer } from './authorizer.ts';
import { sendPage } from './callback-page.ts';
import type { Discovered } from './discovery.ts';

/** Signing in to remote servers. */
export interface SignIns extends SignInDesk {
  /** Undefined for servers that need none: not remote, switched off, or with a header of their own for it. */
  authorizerFor(target: ConversationTarget): Authorizer | undefined;
  /** Answers the browser that comes back from an authorization server. */
  callback(request: IncomingMessage, response: ServerResponse): void;
  /** Forgets servers that left the fleet; what the vault holds stays, bound to their addresses. */
  keep(servers: readonly string[]): void;
}

/** What the sign-ins need of the daemon. */
export interface SignInNeeds extends AccountNeeds {
  /** Unguessable text, at least 128 bits of chance. */
  readonly secret: () => string;
  /** Address of our callback. */
  readonly callbackUrl: () => string;
  /** Tokens came: a server that waited for them can be opened; or went, and so must what they opened. */
  readonly onChange: (server: string, how: 'signedIn' | 'signedOut') => void;
}

/** Where authorization servers send the browser back to. */
export const callbackPath = '/oauth/callback';
/** A person has this long to sign in. */
const patienceMs = 10 * 60_000;
/** Sign-ins under way at once; beyond it the oldest is given up. */
const underWayMax = 32;

interface UnderWay {
  readonly account: Account;
  readonly found: Discovered;
  readonly client: Parameters<typeof takeTokens>[1]['client'];
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly verifier: string;
  readonly expiresAtTickMs: number;
}

/** Sign-ins of all servers; the OAuth library is loaded when the first one is asked for. */
export function createSignIns(needs: SignInNeeds): SignIns {
  const { clock, vault, append } = needs;
  const accounts = new Map<
    string,
    { readonly account: Account; readonly authorizer: Authorizer }
  >();
  /** By the state in the address; each is good for one answer. */
  const underWay = new Map<string, UnderWay>();

  function isUnderWay(account: Account): boolean {
    for (const [state, one] of underWay) {
      if (one.account !== account) continue;
      if (one.expiresAtTickMs > clock.tickMs()) return true;
      underWay.delete(state);
      const why = `nobody came back from ${one.found.issuer} within ${patienceMs / 60_000} minutes`;
      account.trouble = { why, atTickMs: clock.tickMs() };
    }
    return false;
  }

  function giveUp(account: Account): void {
    for (const [state, one] of underWay) if (one.account === account) underWay.delete(state);
  }

  async function beginWithPerson(account: Account, found: Discovered): Promise<BegunSignIn> {
    const { server, url, settings, fetch } = account;
    const { clientFor, codeRequest } = await import('./grants.ts');
    const known = vault.get({ server, url, issuer: found.issuer });
    const scopes = scopesFor(account, found, known);
    const redirectUri = needs.callbackUrl();
    const nowMs = clock.nowMs();
    const about = { settings, fetch, nowMs, found, known, redirectUri, scopes };
    const client = await clientFor(about);
    const state = needs.secret();
    const asked = await codeRequest({ found, client, redirectUri, scopes, state });
    const expiresAtTickMs = clock.tickMs() + patienceMs;
    giveUp(account);
    const { verifier } = asked;
    const one = { account, found, client, redirectUri, scopes, verifier, expiresAtTickMs };
    underWay.set(state, one);
    const oldest = underWay.size > underWayMax ? underWay.keys().next().value : undefined;
    if (oldest !== undefined) underWay.delete(oldest);
    return { url: asked.url, expiresAtMs: nowMs + patienceMs };
  }

  function finished(account: Account, issuer: string, scopes: readonly string[]): void {
    const { server } = account;
    append({
      ...{ atMs: clock.nowMs(), kind: 'signIn.done', subject: server },
      ...{ issuer, scopes: [...scopes] },
    });
    needs.onChange(server, 'signedIn');
  }

  /** What came back for a sign-in of ours; throws a Problem when it must not be trusted. */
  async function redeem(one: UnderWay, given: URLSearchParams): Promise<void> {
    const { account, found, client, redirectUri, scopes } = one;
    const { server, url, settings, fetch } = account;
    const { tokensForCode } = await import('./grants.ts');
    const { requireIssuer, requireNoError } = await import('./authorization-response.ts');
    // Before anything else of the answer is believed (RFC 9207, 2.4).
    requireIssuer(server, found, given);
    requireNoError(server, given);
    const code = given.get('code');
    if (code === null) throw new Problem('sign_in_failed', 'The answer holds no code');
    const iss = given.get('iss') ?? undefined;
    const tokens = await tokensForCode({
      ...one,
      settings,
      fetch,
      nowMs: clock.nowMs(),
      code,
      iss,
    });
    const { issuer, metadata, resource } = found;
    const where = { server, url, issuer, principal: 'local' } as const;
    const about = { metadata, resource, client, redirectUri, askedScopes: scopes };
    takeTokens(account, { ...where, ...about, tokens }, needs);
    finished(account, issuer, tokens.scopes);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const language = askedLanguage(request.headers['accept-language']);
    if (request.method !== 'GET') return sendPage(response, { kind: 'unknown', language });
    const given = new URL(request.url ?? '', 'http://localhost').searchParams;
    const state = given.get('state') ?? '';
    const one = underWay.get(state);
    underWay.delete(state);
    if (one === undefined || one.expiresAtTickMs <= clock.tickMs())
      return sendPage(response, { kind: 'unknown', language });
    const { server } = one.account;
    try {
      await redeem(one, given);
      sendPage(response, { kind: 'done', language, server });
    } catch (error) {
      const { oauthReason } = await import('./oauth-reason.ts');
      const reason = oauthReason(error);
      one.account.trouble = { why: reason, atTickMs: clock.tickMs() };
      const atMs = clock.nowMs();
      append({ atMs, kind: 'signIn.needed', subject: server, why: reason });
      sendPage(response, { kind: 'failed', language, server, reason });
    }
  }

  function accountOf(server: string): Account {
    const known = accounts.get(server)?.account;
    if (known !== undefined) return known;
    const what = `Cannot sign in to "${server}": it is no remote server that has been started`;
    throw new Problem('not_supported', `${what}, or its entry says auth.type none or has a header`);
  }

  return {
    authorizerFor({ server, url, kind, headers, auth }) {
      if (kind !== 'remote' || url === undefined) return undefined;
      if (auth === undefined || auth.type === 'none') return undefined;
      if (Object.keys(headers).some((name) => name.toLowerCase() === 'authorization'))
        return undefined;
      const known = accounts.get(server);
      const isSame = known?.account.url === url && isDeepStrictEqual(known.account.settings, auth);
      if (known !== undefined && isSame) return known.authorizer;
      const account = openAccount({ server, url, settings: auth }, needs);
      const authorizer = createAuthorizer(account, needs);
      accounts.set(server, { account, authorizer });
      return authorizer;
    },
    async begin(server) {
      const account = accountOf(server);
      if (account.settings.grant === 'client_credentials') {
        await accounts.get(server)?.authorizer.signInAsClient();
        const { credential } = account;
        finished(account, credential?.issuer ?? '', credential?.tokens?.scopes ?? []);
        return {};
      }
      const found = await findIssuer(account);
      if (found !== undefined) return beginWithPerson(account, found).catch(retell(server));
      const what = `Server "${server}" names no authorization server and asks for no sign-in`;
      throw new Problem('not_supported', what);
    },
    async end(server) {
      const account = accountOf(server);
      const { credential } = account;
      giveUp(account);
      account.credential = undefined;
      account.trouble = undefined;
      vault.remove(server);
      if (credential?.tokens === undefined) return false;
      const { revoke } = await import('./revoke.ts');
      await revoke(credential, account.fetch);
      const atMs = clock.nowMs();
      append({ atMs, kind: 'signIn.ended', subject: server, issuer: credential.issuer });
      needs.onChange(server, 'signedOut');
      return true;
    },
    view(server) {
      const account = accounts.get(server)?.account;
      if (account === undefined) return undefined;
      // First, as it may find out that somebody gave up.
      const underWayNow = isUnderWay(account);
      return signInView({
        credential: account.credential,
        trouble: account.trouble?.why,
        isUnderWay: underWayNow,
        nowMs: clock.nowMs(),
      });
    },
    callback(request, response) {
      answer(request, response).catch((error: unknown) => {
        response.destroy(new Error(messageChain(error)));
      });
    },
    keep(servers) {
      const names = new Set(servers);
      for (const [server, { account }] of accounts) {
        if (names.has(server)) continue;
        giveUp(account);
        accounts.delete(server);
      }
    },
  };
}

/** What a library throws becomes a Problem in our words. */
function retell(server: string): (error: unknown) => Promise<never> {
  return async (error) => {
    if (error instanceof Problem) throw error;
    const { oauthReason } = await import('./oauth-reason.ts');
    const what = `Server "${server}": cannot begin the sign-in: ${oauthReason(error)}`;
    throw new Problem('sign_in_failed', what);
  };
}
