/**
 * Everything a server can do, in both eras: on stdio, or at `PORT` over HTTP at /mcp. `--modern-only`: refuses the
 * handshake era.
 */
import { randomUUID } from 'node:crypto';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import {
  classifyInboundRequest,
  createMcpHandler,
  isInitializeRequest,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { hasArgument } from '../arguments.ts';
import { createEventStore } from './event-store.ts';
import { listen, type Received } from './listen.ts';
import { type Announcer, createServer } from './sdk-v2.ts';

const retryMs = 100;
const isModernOnly = hasArgument('modern-only');

if (process.env['PORT'] !== undefined) listenHttp();
else serveStdio(() => createServer(ownAnnouncer), isModernOnly ? { legacy: 'reject' } : {});

/** Where one conversation is one server object. */
function ownAnnouncer(
  server: Parameters<Parameters<typeof createServer>[0]>[0],
  watched: ReadonlySet<string>,
): Announcer {
  return {
    changed: (list) =>
      list === 'tools' ? server.sendToolListChanged() : server.sendPromptListChanged(),
    async updated(uri) {
      if (watched.has(uri)) await server.sendResourceUpdated({ uri });
    },
  };
}

function listenHttp(): void {
  const sessions = new Map<string, NodeStreamableHTTPServerTransport>();
  const modern = createMcpHandler(() => createServer(() => announcer), {
    legacy: 'reject',
  });
  const announcer: Announcer = {
    async changed(list) {
      if (list === 'tools') modern.notify.toolsChanged();
      else modern.notify.promptsChanged();
    },
    async updated(uri) {
      modern.notify.resourceUpdated(uri);
    },
  };
  const serveModern = toNodeHandler(modern);

  async function open(): Promise<NodeStreamableHTTPServerTransport> {
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
      eventStore: createEventStore(),
      retryInterval: retryMs,
    });
    await createServer(ownAnnouncer).connect(transport);
    return transport;
  }

  async function serveLegacy({ request, response, body }: Received): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    if (known === undefined && !isInitializeRequest(body)) {
      response.writeHead(id === undefined ? 400 : 404).end();
      return;
    }
    const transport = known ?? (await open());
    await transport.handleRequest(request, response, body);
    if (request.method === 'DELETE' && typeof id === 'string') sessions.delete(id);
  }

  listen(async (received) => {
    const { request, response, body } = received;
    const found = classifyInboundRequest({
      httpMethod: request.method ?? '',
      protocolVersionHeader: oneHeader(request.headers['mcp-protocol-version']),
      mcpMethodHeader: oneHeader(request.headers['mcp-method']),
      body,
    } as Parameters<typeof classifyInboundRequest>[0]);
    if (isModernOnly || found.kind !== 'legacy')
      await serveModern(request as Parameters<typeof serveModern>[0], response, body);
    else await serveLegacy(received);
  });
}

function oneHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
