import {
  IssuerMismatchError,
  validateAuthorizationResponseIssuer,
} from '@modelcontextprotocol/client';
import { Problem } from '../../../errors.ts';
import type { Discovered } from './discovery.ts';

/**
 * The answer must come from the authorization server that was asked: its `iss`, compared letter by letter, and missing
 * only where the server does not say that it sends it (RFC 9207). Nothing of a foreign answer is repeated.
 */
export function requireIssuer(server: string, found: Discovered, given: URLSearchParams): void {
  try {
    validateAuthorizationResponseIssuer({
      iss: given.get('iss') ?? undefined,
      expectedIssuer: found.issuer,
      issParameterSupported:
        found.metadata['authorization_response_iss_parameter_supported'] === true,
    });
  } catch (error) {
    if (!(error instanceof IssuerMismatchError)) throw error;
    const what = `the answer does not say that it comes from ${found.issuer}`;
    throw new Problem('sign_in_failed', `Server "${server}": ${what}; nothing was sent to anybody`);
  }
}

/** The person or the authorization server may have said no. */
export function requireNoError(server: string, given: URLSearchParams): void {
  const error = given.get('error');
  if (error === null) return;
  const description = given.get('error_description');
  const said = description === null ? error : `${error}: ${description}`;
  const what = `Server "${server}": its authorization server refused the sign-in`;
  throw new Problem('sign_in_failed', `${what} (${said.slice(0, 200)})`);
}
