/** Names and numbers of the protocol that both sides of the gateway share; one place, from the specification. */

/** Revisions with a handshake that we speak, oldest first. */
export const legacyVersions: readonly string[] = [
  '2024-11-05',
  '2025-03-26',
  '2025-06-18',
  '2025-11-25',
];
/** What we ask servers for, and answer to clients that ask for a revision we do not know. */
export const newestLegacyVersion = '2025-11-25';
/** The stateless revision. */
export const modernVersion = '2026-07-28';
/** What a request of a session without the version header means (2025-06-18, transports). */
export const assumedVersion = '2025-03-26';

/** Keys of the envelope in `_meta` (2026-07-28). */
export const metaKeys = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const;

/** Error codes of JSON-RPC and of the protocol. */
export const rpcCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  /** Only in the eras with a handshake; the modern era says `invalidParams`. */
  resourceNotFound: -32002,
  /** 2025-11-25 only; must not reach stateless clients. */
  urlElicitationRequired: -32042,
  headerMismatch: -32020,
  missingCapability: -32021,
  versionNotServed: -32022,
} as const;

/** The lists of a server, in the words of the protocol. */
export const listKinds = ['tools', 'resources', 'templates', 'prompts'] as const;
/** One of the lists. */
export type ListKind = (typeof listKinds)[number];

/** The method that reads each list. */
export const listMethods: Readonly<Record<ListKind, string>> = {
  tools: 'tools/list',
  resources: 'resources/list',
  templates: 'resources/templates/list',
  prompts: 'prompts/list',
};

/** Where a list stands in the result of its method. */
export const listFields: Readonly<Record<ListKind, string>> = {
  tools: 'tools',
  resources: 'resources',
  templates: 'resourceTemplates',
  prompts: 'prompts',
};

/** Which lists a change notification is about. */
export const listsOfNotification: ReadonlyMap<string, readonly ListKind[]> = new Map([
  ['notifications/tools/list_changed', ['tools']],
  ['notifications/resources/list_changed', ['resources', 'templates']],
  ['notifications/prompts/list_changed', ['prompts']],
]);
