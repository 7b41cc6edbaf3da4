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

/** The scenarios for clients that our way of speaking to servers passes. */
export const reachedAsClient: Readonly<Record<Revision, readonly string[]>> = {
  '2025-11-25': ['initialize', 'tools_call', 'sse-retry'],
  '2026-07-28': [
    'tools_call',
    'request-metadata',
    'http-standard-headers',
    'http-custom-headers',
    'http-invalid-tool-headers',
    'json-schema-ref-no-deref',
  ],
};
