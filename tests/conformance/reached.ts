import type { Revision } from './suite.ts';

const tools = 'simple-text image audio embedded-resource mixed-content error with-progress';
const prompts = 'list get-simple get-with-args get-embedded-resource get-with-image';
const resources = 'list read-text read-binary templates-read';
const both = [
  'completion-complete',
  'tools-list',
  ...tools.split(' ').map((name) => `tools-call-${name}`),
  'server-sse-multiple-streams',
  ...resources.split(' ').map((name) => `resources-${name}`),
  ...prompts.split(' ').map((name) => `prompts-${name}`),
  'dns-rebinding-protection',
  'json-schema-2020-12',
];

/** The scenarios that every cell passes, scored or not; a cell that loses one fails. It only ever grows. */
export const reached: Readonly<Record<Revision, readonly string[]>> = {
  '2025-11-25': [
    ...both,
    'server-initialize',
    'server-session-lifecycle',
    'logging-set-level',
    'tools-call-with-logging',
    'resources-subscribe',
    'resources-unsubscribe',
    'ping',
  ],
  '2026-07-28': [
    ...both,
    'sep-2164-resource-not-found',
    'caching',
    'http-header-validation',
    'http-custom-header-server-validation',
    'input-required-result-missing-input-response',
    'input-required-result-unsupported-methods',
    'input-required-result-ignore-extra-params',
    'input-required-result-validate-input',
  ],
};

const signIn = [
  ...['metadata-default', 'metadata-var1', 'metadata-var2', 'metadata-var3', 'basic-cimd'],
  ...['scope-from-www-authenticate', 'scope-from-scopes-supported'],
  ...['scope-omitted-when-undefined', 'scope-step-up', 'scope-retry-limit'],
  ...['token-endpoint-auth-basic', 'token-endpoint-auth-post', 'token-endpoint-auth-none'],
  'pre-registration',
].map((name) => `auth/${name}`);
const signInOf2026 = [
  ...['resource-mismatch', 'offline-access-scope', 'offline-access-not-supported'],
  ...['authorization-server-migration', 'iss-supported', 'iss-not-advertised'],
  ...['iss-supported-missing', 'iss-wrong-issuer', 'iss-unexpected', 'iss-normalized'],
  ...['metadata-issuer-mismatch', 'client-credentials-basic', 'client-credentials-jwt'],
].map((name) => `auth/${name}`);

/** The scenarios for clients that our way of speaking to servers passes. */
export const reachedAsClient: Readonly<Record<Revision, readonly string[]>> = {
  '2025-11-25': ['initialize', 'tools_call', 'sse-retry', ...signIn],
  '2026-07-28': [
    'tools_call',
    'request-metadata',
    'http-standard-headers',
    'http-custom-headers',
    'http-invalid-tool-headers',
    'json-schema-ref-no-deref',
    ...signIn,
    ...signInOf2026,
  ],
};
