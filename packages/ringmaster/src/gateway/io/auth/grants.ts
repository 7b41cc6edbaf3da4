import { readFileSync } from 'node:fs';
import {
  ClientCredentialsProvider,
  createPrivateKeyJwtAuth,
  exchangeAuthorization,
  fetchToken,
  type OAuthClientProvider,
  type OAuthTokens,
  PrivateKeyJwtProvider,
  refreshAuthorization,
  registerClient,
  startAuthorization,
} from '@modelcontextprotocol/client';
import { Problem } from '../../../errors.ts';
import type { LaunchAuth } from '../../../fleet/expand.ts';
import { scopesOf } from '../../auth-challenge.ts';
import { type Credential, type KnownClient, lifeOf, type Tokens } from '../../sign-in.ts';
import type { Discovered } from './discovery.ts';
import type { GuardedFetch } from './guarded-fetch.ts';

/** What every request to an authorization server needs. */
export interface GrantNeeds {
  readonly settings: LaunchAuth;
  readonly fetch: GuardedFetch;
  readonly nowMs: number;
}

/** Name under which we register, and that a person is shown at the authorization server. */
const clientName = 'Ringmaster';

/**
 * As whom we ask (2026-07-28, client registration): as the fleet file says, by the address of a metadata document, as
 * registered before, or newly registered. Throws `sign_in_failed` when none of these is possible.
 */
export async function clientFor(
  needs: GrantNeeds & {
    readonly found: Discovered;
    readonly known: Credential | undefined;
    readonly redirectUri: string;
    readonly scopes: readonly string[];
  },
): Promise<KnownClient> {
  const { settings, found, known } = needs;
  const configured = configuredClient(settings);
  if (configured !== undefined) return configured;
  const { clientMetadataUrl } = settings;
  const takesUrls = found.metadata['client_id_metadata_document_supported'] === true;
  if (takesUrls && clientMetadataUrl !== undefined) return { client_id: clientMetadataUrl };
  // What was registered with another callback would be refused.
  if (known !== undefined && known.redirectUri === needs.redirectUri) return known.client;
  if (found.metadata.registration_endpoint === undefined) {
    const what = `Authorization server ${found.issuer} registers no clients by itself`;
    throw new Problem('sign_in_failed', `${what}; needed auth.clientId in the fleet file`);
  }
  const registered = await registerClient(found.issuer, {
    metadata: found.metadata,
    clientMetadata: {
      client_name: clientName,
      redirect_uris: [needs.redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: registeredMethod(found),
      application_type: 'native',
    },
    ...scopeOf(needs.scopes),
    fetchFn: needs.fetch,
  });
  const { client_id, client_secret, token_endpoint_auth_method } = registered;
  return {
    client_id,
    ...(client_secret === undefined ? {} : { client_secret }),
    ...(token_endpoint_auth_method === undefined ? {} : { token_endpoint_auth_method }),
  };
}

/** The client of the fleet file; undefined when it names none. */
export function configuredClient({ clientId, clientSecret }: LaunchAuth): KnownClient | undefined {
  if (clientId === undefined) return undefined;
  return {
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
  };
}

/** A public client where that is allowed: a program on a person's machine keeps no secret (RFC 8252, 8.4). */
function registeredMethod({ metadata }: Discovered): string {
  const methods = metadata.token_endpoint_auth_methods_supported ?? [];
  if (methods.length === 0 || methods.includes('none')) return 'none';
  const known = ['client_secret_basic', 'client_secret_post'];
  return known.find((method) => methods.includes(method)) ?? 'none';
}

/** The address a person opens, and the secret that only we can redeem the code with (PKCE, S256). */
export async function codeRequest(needs: {
  readonly found: Discovered;
  readonly client: KnownClient;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string;
}): Promise<{ readonly url: string; readonly verifier: string }> {
  const { found, client } = needs;
  const { code_challenge_methods_supported: methods, authorization_endpoint } = found.metadata;
  if (methods?.includes('S256') !== true) {
    const what = `Authorization server ${found.issuer} does not say that it supports PKCE`;
    throw new Problem('sign_in_failed', `${what} with S256, needed it against stolen codes`);
  }
  requireWebAddress(authorization_endpoint);
  const { authorizationUrl, codeVerifier } = await startAuthorization(found.issuer, {
    metadata: found.metadata,
    clientInformation: client,
    redirectUrl: needs.redirectUri,
    state: needs.state,
    resource: found.resource,
    ...scopeOf(needs.scopes),
  });
  return { url: authorizationUrl.href, verifier: codeVerifier };
}

/** What a browser is sent to must be a page of the web, and encrypted unless it is on this machine. */
function requireWebAddress(text: string): void {
  const { protocol, hostname, host } = new URL(text);
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  if (protocol === 'https:' || (protocol === 'http:' && isLocal)) return;
  const found = `${protocol}//${host}`.slice(0, 200);
  throw new Problem('sign_in_failed', `Refused to send a browser to ${found}: needed https`);
}

/** Tokens for the code a person came back with. */
export async function tokensForCode(
  needs: GrantNeeds & {
    readonly found: Discovered;
    readonly client: KnownClient;
    readonly redirectUri: string;
    readonly scopes: readonly string[];
    readonly verifier: string;
    readonly code: string;
    readonly iss: string | undefined;
  },
): Promise<Tokens> {
  const { found } = needs;
  const given = await exchangeAuthorization(found.issuer, {
    metadata: found.metadata,
    clientInformation: needs.client,
    authorizationCode: needs.code,
    codeVerifier: needs.verifier,
    redirectUri: needs.redirectUri,
    resource: found.resource,
    ...(needs.iss === undefined ? {} : { iss: needs.iss }),
    ...signing(needs.settings),
    fetchFn: needs.fetch,
  });
  return readTokens(given, needs.scopes, needs.nowMs);
}

/** New tokens for old; an authorization server may keep the refresh token or replace it. */
export async function renewedTokens(
  needs: GrantNeeds & { readonly credential: Credential; readonly refreshToken: string },
): Promise<Tokens> {
  const { credential, settings } = needs;
  const given = await refreshAuthorization(credential.issuer, {
    metadata: credential.metadata as Discovered['metadata'],
    clientInformation: configuredClient(settings) ?? credential.client,
    refreshToken: needs.refreshToken,
    resource: credential.resource,
    ...signing(settings),
    fetchFn: needs.fetch,
  });
  return readTokens(given, credential.tokens?.scopes ?? credential.askedScopes, needs.nowMs);
}

/** Tokens for the client itself, without a person (client_credentials). */
export async function tokensForClient(
  needs: GrantNeeds & { readonly found: Discovered; readonly scopes: readonly string[] },
): Promise<Tokens> {
  const { found, settings } = needs;
  const given = await fetchToken(clientProvider(settings, found.issuer), found.issuer, {
    metadata: found.metadata,
    resource: found.resource,
    ...scopeOf(needs.scopes),
    fetchFn: needs.fetch,
  });
  return readTokens(given, needs.scopes, needs.nowMs);
}

function clientProvider(settings: LaunchAuth, expectedIssuer: string): OAuthClientProvider {
  const { clientId = '', clientSecret = '', privateKeyFile, signingAlgorithm } = settings;
  const about = { clientId, clientName, expectedIssuer };
  if (privateKeyFile === undefined)
    return new ClientCredentialsProvider({ ...about, clientSecret });
  const privateKey = readKey(privateKeyFile);
  return new PrivateKeyJwtProvider({ ...about, privateKey, algorithm: signingAlgorithm });
}

function signing(settings: LaunchAuth) {
  const { clientId, privateKeyFile, signingAlgorithm } = settings;
  if (clientId === undefined || privateKeyFile === undefined) return {};
  const about = { issuer: clientId, subject: clientId, alg: signingAlgorithm };
  const addClientAuthentication = createPrivateKeyJwtAuth({
    ...about,
    privateKey: readKey(privateKeyFile),
  });
  return { addClientAuthentication };
}

function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Problem('file_unreadable', `Cannot read auth.privateKeyFile ${path}`, { cause });
  }
}

function readTokens(given: OAuthTokens, asked: readonly string[], nowMs: number): Tokens {
  if (given.token_type.toLowerCase() !== 'bearer') {
    const found = given.token_type.slice(0, 40);
    throw new Problem('sign_in_failed', `The tokens are of type "${found}", needed Bearer`);
  }
  return {
    accessToken: given.access_token,
    // RFC 6749, 5.1: left out when it is what was asked for.
    scopes: given.scope === undefined ? asked : scopesOf(given.scope),
    ...(given.refresh_token === undefined ? {} : { refreshToken: given.refresh_token }),
    ...(given.expires_in === undefined ? {} : lifeOf(given.expires_in * 1_000, nowMs)),
  };
}

function scopeOf(scopes: readonly string[]): { readonly scope?: string } {
  return scopes.length === 0 ? {} : { scope: scopes.join(' ') };
}
