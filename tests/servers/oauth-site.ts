import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, closeJson, listenJson, originOf, send } from './json-http.ts';
import { createMcp, type Message } from './mcp.ts';

/** How the site behaves; may be changed at any time. */
export interface Manner {
  /** Says that it supports PKCE. */
  pkce: boolean;
  /** What its metadata calls itself; undefined: the truth. */
  issuerInMetadata: string | undefined;
  /** The `iss` of the answer; `right` is also advertised. */
  iss: 'right' | 'wrong' | 'missing' | 'unadvertised';
  /** Life of an access token. */
  accessSeconds: number;
  refresh: 'rotates' | 'refused' | 'unavailable';
  /** What the person decides. */
  consent: 'given' | 'denied';
  /** What the protected resource metadata says it is for; undefined: the truth. */
  resource: string | undefined;
  /** Who the protected resource metadata says gives tokens; undefined: this site. */
  authorizationServer: string | undefined;
  /** Where the challenge says the metadata is; undefined: where it is. */
  resourceMetadata: string | undefined;
  /** What the metadata of the authorization server says of its authorization page. */
  authorizationEndpoint: string | undefined;
}

/** What the site saw. */
export interface Seen {
  readonly registrations: Readonly<Record<string, unknown>>[];
  readonly authorizations: URLSearchParams[];
  /** Grant type of each request for tokens. */
  readonly tokenRequests: URLSearchParams[];
  revocations: number;
  /** MCP requests that carried tokens it would not take. */
  refused: number;
  /** The header `Authorization` of each MCP request. */
  readonly bearers: (string | undefined)[];
}

/** An authorization server and a protected MCP server, both real, on two ports of this machine. */
export interface OauthSite {
  /** The MCP endpoint. */
  readonly url: string;
  readonly issuer: string;
  readonly manner: Manner;
  readonly seen: Seen;
  /** Ends every access token; with `all`, the refresh tokens, too. */
  revoke(which: 'access' | 'all'): void;
  /** Every secret it ever gave out. */
  secrets(): readonly string[];
  close(): Promise<void>;
}

interface Grant {
  readonly scopes: readonly string[];
  readonly endsAtMs: number;
}

interface Code {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly client: string;
  readonly scopes: readonly string[];
  readonly resource: string;
}

/** Starts a site; tool `whoami` needs the scope `read`, tool `write` needs `write`. */
export async function startOauthSite(manner: Partial<Manner> = {}): Promise<OauthSite> {
  const site = createSite(manner);
  const issuerServer = await listenJson(site.answerAsIssuer);
  const mcpServer = await listenJson(site.answerAsMcp);
  site.places.issuer = originOf(issuerServer);
  site.places.mcp = originOf(mcpServer);
  return {
    url: `${site.places.mcp}/mcp`,
    issuer: site.places.issuer,
    manner: site.manner,
    seen: site.seen,
    revoke(which) {
      site.access.clear();
      if (which === 'all') site.refresh.clear();
    },
    secrets: () => [...site.secrets],
    async close() {
      await Promise.all([closeJson(issuerServer), closeJson(mcpServer)]);
    },
  };
}

function createSite(given: Partial<Manner>) {
  const manner: Manner = {
    ...{ pkce: true, issuerInMetadata: undefined, iss: 'right', accessSeconds: 3_600 },
    ...{ refresh: 'rotates', consent: 'given', resource: undefined },
    ...{ authorizationServer: undefined, resourceMetadata: undefined },
    ...{ authorizationEndpoint: undefined, ...given },
  };
  const seen: Seen = {
    ...{
      registrations: [],
      authorizations: [],
      tokenRequests: [],
      revocations: 0,
      refused: 0,
      bearers: [],
    },
  };
  const places = { issuer: '', mcp: '' };
  const access = new Map<string, Grant>();
  const refresh = new Map<string, readonly string[]>();
  const codes = new Map<string, Code>();
  const clients = new Map<string, readonly string[]>([['known-client', []]]);
  const secrets = new Set<string>(['known-secret']);
  const mcp = createMcp({
    ...{ name: 'protected', eras: 'both' },
    tools: [
      { name: 'whoami', run: () => 'the owner' },
      { name: 'write', run: () => 'written' },
    ],
  });

  function secret(kind: string): string {
    const made = `${kind}-${randomBytes(16).toString('hex')}`;
    secrets.add(made);
    return made;
  }

  function metadata() {
    return {
      issuer: manner.issuerInMetadata ?? places.issuer,
      authorization_endpoint: manner.authorizationEndpoint ?? `${places.issuer}/authorize`,
      token_endpoint: `${places.issuer}/token`,
      registration_endpoint: `${places.issuer}/register`,
      revocation_endpoint: `${places.issuer}/revoke`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic'],
      ...(manner.pkce ? { code_challenge_methods_supported: ['S256'] } : {}),
      authorization_response_iss_parameter_supported: manner.iss !== 'unadvertised',
    };
  }

  function tokens(scopes: readonly string[], withRefresh: boolean) {
    const accessToken = secret('access');
    access.set(accessToken, { scopes, endsAtMs: Date.now() + manner.accessSeconds * 1_000 });
    const more: Record<string, string> = {};
    if (withRefresh) {
      const refreshToken = secret('refresh');
      refresh.set(refreshToken, scopes);
      more['refresh_token'] = refreshToken;
    }
    const scope = scopes.join(' ');
    const expires_in = manner.accessSeconds;
    return { access_token: accessToken, token_type: 'Bearer', expires_in, scope, ...more };
  }

  function register(text: string): Readonly<Record<string, unknown>> {
    const asked = JSON.parse(text) as { redirect_uris: readonly string[] };
    seen.registrations.push({ ...asked });
    const client_id = `client-${clients.size}`;
    clients.set(client_id, asked.redirect_uris);
    return { ...asked, client_id };
  }

  function authorize(asked: URLSearchParams): string {
    seen.authorizations.push(asked);
    const redirectUri = asked.get('redirect_uri') ?? '';
    const client = asked.get('client_id') ?? '';
    if (clients.get(client)?.includes(redirectUri) !== true) throw new Error('redirect_uri');
    if (asked.get('code_challenge_method') !== 'S256') throw new Error('PKCE');
    if (asked.get('resource') !== `${places.mcp}/mcp`) throw new Error('resource');
    const back = new URL(redirectUri);
    back.searchParams.set('state', asked.get('state') ?? '');
    if (manner.iss === 'right') back.searchParams.set('iss', places.issuer);
    if (manner.iss === 'wrong') back.searchParams.set('iss', 'https://evil.example');
    if (manner.consent === 'denied') {
      back.searchParams.set('error', 'access_denied');
      return back.href;
    }
    const code = secret('code');
    const scopes = (asked.get('scope') ?? '').split(' ').filter(Boolean);
    const challenge = asked.get('code_challenge') ?? '';
    codes.set(code, { challenge, redirectUri, client, scopes, resource: places.mcp });
    back.searchParams.set('code', code);
    return back.href;
  }

  function redeem(asked: URLSearchParams, basic: string | undefined) {
    seen.tokenRequests.push(asked);
    const grant = asked.get('grant_type');
    if (grant === 'client_credentials') {
      const expected = Buffer.from('known-client:known-secret').toString('base64');
      if (basic !== `Basic ${expected}`) return { error: 'invalid_client' };
      return tokens((asked.get('scope') ?? 'read').split(' '), false);
    }
    if (grant === 'refresh_token') {
      if (manner.refresh === 'unavailable') return undefined;
      const old = asked.get('refresh_token') ?? '';
      const scopes = refresh.get(old);
      if (manner.refresh === 'refused' || scopes === undefined) return { error: 'invalid_grant' };
      refresh.delete(old);
      return tokens(scopes, true);
    }
    const code = codes.get(asked.get('code') ?? '');
    codes.delete(asked.get('code') ?? '');
    const verifier = createHash('sha256').update(asked.get('code_verifier') ?? '');
    const isRight =
      code !== undefined &&
      code.challenge === verifier.digest('base64url') &&
      code.redirectUri === asked.get('redirect_uri') &&
      code.client === asked.get('client_id');
    return isRight ? tokens(code.scopes, true) : { error: 'invalid_grant' };
  }

  async function answerAsIssuer(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '', places.issuer);
    const text = await bodyOf(request);
    switch (url.pathname) {
      case '/.well-known/oauth-authorization-server':
        return send(response, 200, metadata());
      case '/register':
        return send(response, 201, register(text));
      case '/authorize':
        return void response.writeHead(302, { location: authorize(url.searchParams) }).end();
      case '/token': {
        const given = redeem(new URLSearchParams(text), request.headers.authorization);
        if (given === undefined) return send(response, 503, {});
        return send(response, 'error' in given ? 400 : 200, given);
      }
      case '/revoke':
        seen.revocations += 1;
        refresh.delete(new URLSearchParams(text).get('token') ?? '');
        return send(response, 200, {});
      default:
        return send(response, 404, {});
    }
  }

  function refuse(
    response: ServerResponse,
    status: 401 | 403,
    more: string,
    bearer?: string,
  ): void {
    if (bearer !== undefined) seen.refused += 1;
    const where =
      manner.resourceMetadata ?? `${places.mcp}/.well-known/oauth-protected-resource/mcp`;
    response.setHeader('www-authenticate', `Bearer resource_metadata="${where}", ${more}`);
    send(response, status, { error: 'refused' });
  }

  async function answerAsMcp(request: IncomingMessage, response: ServerResponse) {
    const text = await bodyOf(request);
    if (request.url === '/.well-known/oauth-protected-resource/mcp') {
      const resource = manner.resource ?? `${places.mcp}/mcp`;
      const issuer = manner.authorizationServer ?? places.issuer;
      return send(response, 200, { resource, authorization_servers: [issuer] });
    }
    if (request.url !== '/mcp' || request.method !== 'POST') return send(response, 405, {});
    const bearer = request.headers.authorization;
    seen.bearers.push(bearer);
    const grant = access.get(bearer?.replace(/^Bearer /, '') ?? '');
    if (grant === undefined || grant.endsAtMs <= Date.now())
      return refuse(response, 401, 'scope="read"', bearer);
    const message = JSON.parse(text) as Message;
    if (message.params?.['name'] === 'write' && !grant.scopes.includes('write'))
      return refuse(response, 403, 'error="insufficient_scope", scope="write"');
    if (message.id === undefined) return void response.writeHead(202).end();
    mcp.receive(message, (reply) => {
      if (reply.id === message.id) send(response, 200, reply);
    });
  }

  return { manner, seen, places, access, refresh, secrets, answerAsIssuer, answerAsMcp };
}
