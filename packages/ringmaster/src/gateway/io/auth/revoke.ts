import type { Credential } from '../../sign-in.ts';
import type { GuardedFetch } from './guarded-fetch.ts';

/** Asks an authorization server to end tokens (RFC 7009); it may not be able to, or not be there: both are no error. */
export async function revoke(credential: Credential, fetch: GuardedFetch): Promise<void> {
  const endpoint = credential.metadata['revocation_endpoint'];
  const { tokens, client } = credential;
  if (typeof endpoint !== 'string' || tokens === undefined) return;
  const { client_id: id, client_secret: secret } = client;
  const isRefresh = tokens.refreshToken !== undefined;
  const body = new URLSearchParams({
    token: tokens.refreshToken ?? tokens.accessToken,
    token_type_hint: isRefresh ? 'refresh_token' : 'access_token',
    client_id: id,
    ...(secret === undefined ? {} : { client_secret: secret }),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  try {
    await fetch(endpoint, { method: 'POST', headers, body });
  } catch {
    // The tokens are forgotten here in any case, and end by themselves there.
  }
}
