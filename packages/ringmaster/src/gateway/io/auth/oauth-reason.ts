import {
  OAuthError,
  OAuthErrorCode,
  RegistrationRejectedError,
} from '@modelcontextprotocol/client';
import { messageChain } from '../../../errors.ts';

/** Longest text of others that is repeated, in characters. */
const reasonLengthMax = 300;

/**
 * Why a step of OAuth failed, in words that can be shown: the error code and description of an authorization server,
 * without control characters. An answer that is no OAuth error is not repeated, as it could hold anything.
 */
export function oauthReason(error: unknown): string {
  if (error instanceof RegistrationRejectedError)
    return `it refused to register this client (HTTP ${error.status})`;
  if (!(error instanceof OAuthError)) return plain(messageChain(error));
  if (error.code === OAuthErrorCode.ServerError) return 'it answered with no OAuth error';
  const description = error.message === error.code ? '' : `: ${error.message}`;
  return plain(`${error.code}${description}`);
}

/** What the authorization server will not take any more, so that asking once more is of no use; undefined: it may. */
export function endOf(error: unknown): 'tokens' | 'client' | undefined {
  if (!(error instanceof OAuthError)) return undefined;
  if (error.code === OAuthErrorCode.InvalidGrant) return 'tokens';
  const { InvalidClient, UnauthorizedClient } = OAuthErrorCode;
  return error.code === InvalidClient || error.code === UnauthorizedClient ? 'client' : undefined;
}

function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, reasonLengthMax);
}
