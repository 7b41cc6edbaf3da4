import {
  type AuthorizationServerMetadata,
  checkResourceAllowed,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  type OAuthProtectedResourceMetadata,
  resourceUrlFromServerUrl,
} from '@modelcontextprotocol/client';
import { Problem } from '../../../errors.ts';
import type { Challenge } from '../../auth-challenge.ts';
import type { GuardedFetch } from './guarded-fetch.ts';
import { oauthReason } from './oauth-reason.ts';

/** Who gives tokens for a server, and for what. */
export interface Discovered {
  readonly issuer: string;
  readonly metadata: AuthorizationServerMetadata;
  /** Resource indicator (RFC 8707), byte for byte as the server writes it. */
  readonly resource: string;
  /** Scopes the server lists; undefined when it lists none. */
  readonly supported: readonly string[] | undefined;
}

/**
 * Finds the authorization server of an MCP server (2026-07-28, authorization server discovery): its protected resource
 * metadata, or its own origin as in 2025-03-26, then the metadata of the issuer, whose `issuer` must be the very one.
 * Undefined when there is none. Throws `sign_in_failed` when what is found cannot be trusted.
 */
export async function discover(needs: {
  readonly server: string;
  readonly url: string;
  readonly challenge: Challenge | undefined;
  /** Only this authorization server will do. */
  readonly issuer: string | undefined;
  readonly fetch: GuardedFetch;
}): Promise<Discovered | undefined> {
  const { server, url, fetch } = needs;
  const resource = await resourceMetadata(needs);
  if (resource !== undefined) requireOwnResource(server, url, resource);
  const listed = resource?.authorization_servers ?? [];
  const address = chooseIssuer(server, listed, needs.issuer) ?? String(new URL('/', url));
  let metadata: AuthorizationServerMetadata | undefined;
  try {
    metadata = await discoverAuthorizationServerMetadata(address, { fetchFn: fetch });
  } catch (error) {
    throw cannot(server, `read the metadata of ${address}`, error);
  }
  if (metadata === undefined) {
    if (resource === undefined) return undefined;
    throw cannot(server, `read the metadata of ${address}`, new Error('found none'));
  }
  if (needs.issuer !== undefined && metadata.issuer !== needs.issuer)
    throw cannot(server, 'sign in', new Error(foreignIssuer(metadata.issuer, needs.issuer)));
  return {
    issuer: metadata.issuer,
    metadata,
    resource: resource?.resource ?? resourceUrlFromServerUrl(url).href,
    supported: resource?.scopes_supported,
  };
}

async function resourceMetadata(
  needs: Parameters<typeof discover>[0],
): Promise<OAuthProtectedResourceMetadata | undefined> {
  const named = needs.challenge?.resourceMetadata;
  try {
    return await discoverOAuthProtectedResourceMetadata(
      needs.url,
      named === undefined ? {} : { resourceMetadataUrl: named },
      needs.fetch,
    );
  } catch (error) {
    if (named !== undefined || error instanceof Problem)
      throw cannot(needs.server, 'read its protected resource metadata', error);
    // Servers of 2025-03-26 have none: their own origin is their authorization server.
    return undefined;
  }
}

function requireOwnResource(
  server: string,
  url: string,
  { resource }: OAuthProtectedResourceMetadata,
): void {
  const requestedResource = resourceUrlFromServerUrl(url);
  if (checkResourceAllowed({ requestedResource, configuredResource: resource })) return;
  const found = `its metadata is for ${resource.slice(0, 200)}, needed ${requestedResource.href}`;
  throw cannot(server, 'sign in', new Error(found));
}

function chooseIssuer(
  server: string,
  listed: readonly string[],
  wanted: string | undefined,
): string | undefined {
  if (wanted === undefined || listed.length === 0) return wanted ?? listed[0];
  const found = listed.find((issuer) => issuer === wanted || issuer === `${wanted}/`);
  if (found !== undefined) return found;
  throw cannot(server, 'sign in', new Error(foreignIssuer(listed.join(', '), wanted)));
}

function foreignIssuer(found: string, wanted: string): string {
  return `its authorization server is ${found.slice(0, 300)}, needed ${wanted}, as auth.issuer says`;
}

function cannot(server: string, what: string, error: unknown): Problem {
  return new Problem('sign_in_failed', `Server "${server}": cannot ${what}: ${oauthReason(error)}`);
}
