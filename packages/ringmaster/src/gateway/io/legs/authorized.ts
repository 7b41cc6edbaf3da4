import type { Dispatcher } from 'undici';
import type { Authorizer } from '../auth/authorizer.ts';

/** Times one request is sent again with other tokens: renewed ones, then ones with more rights. */
const attemptsMax = 3;

/**
 * Sends a request as the authorizer says, and again when it found other tokens after the server refused. Rejects with a
 * Problem when a person must sign in; a refusal that is no matter of signing in is the response.
 */
export async function sendAuthorized<Opaque>(
  authorizer: Authorizer,
  send: () => Promise<Dispatcher.ResponseData<Opaque>>,
): Promise<Dispatcher.ResponseData<Opaque>> {
  for (let attempt = 1; ; attempt += 1) {
    const ready = authorizer.ready();
    if (ready !== undefined) await ready;
    const sentWith = authorizer.headers();
    const response = await send();
    const status = response.statusCode;
    if ((status !== 401 && status !== 403) || attempt === attemptsMax) return response;
    const header = response.headers['www-authenticate'];
    const challenge = Array.isArray(header) ? header.join(', ') : header;
    const verdict = await authorizer.refused({ status, challenge, sentWith }).catch((error) => {
      response.body.dump().catch(() => {});
      throw error;
    });
    if (verdict === 'pass') return response;
    await response.body.dump();
  }
}
