import { z } from 'zod';

const webAddress = z
  .string()
  .regex(/^https?:\/\/[^/\s]+|^\$\{/i, { error: 'needed an address that begins with https://' });

/** `auth` of a remote server: how we sign in to it with OAuth 2.1. */
export const auth = z.strictObject({
  type: z
    .enum(['auto', 'oauth', 'none'])
    .default('auto')
    .describe('auto: sign in once the server asks for it; oauth: before the first request; none'),
  grant: z
    .enum(['authorization_code', 'client_credentials'])
    .default('authorization_code')
    .describe('A person signs in with ringmaster login, or the client itself with its secret'),
  clientId: z
    .string()
    .min(1)
    .optional()
    .describe('Client id, where the authorization server does not register clients by itself'),
  clientSecret: z.string().min(1).optional().describe('Secret of that client; write it as ${VAR}'),
  privateKeyFile: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file (PKCS 8) of a key that takes the place of the secret (private_key_jwt)'),
  signingAlgorithm: z
    .enum(['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'])
    .default('ES256')
    .describe('Algorithm of that key'),
  clientMetadataUrl: z
    .string()
    .regex(/^https:\/\/[^/\s]+\/\S+$/, { error: 'needed an https address with a path' })
    .optional()
    .describe('Address of a client metadata document you host; it becomes the client id'),
  issuer: webAddress
    .optional()
    .describe('Only this authorization server is used; left out, the one the server names'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, { error: 'needed a scope' }))
    .max(100)
    .default([])
    .describe('Scopes asked for besides those the server asks for'),
  allowPrivate: z
    .boolean()
    .default(false)
    .describe('Whether its authorization server may have an address of a private network'),
});
