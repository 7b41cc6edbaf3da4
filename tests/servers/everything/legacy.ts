/**
 * Everything a server of the handshake era can do, and nothing of the next era: on stdio, or at `PORT` as Streamable
 * HTTP with sessions (`/mcp`) and as HTTP with events of 2024-11-05 (`/sse`).
 */
import { randomUUID } from 'node:crypto';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { createEventStore } from './event-store.ts';
import { listen } from './listen.ts';
import { createLegacyServer } from './sdk-v1.ts';

const retryMs = 100;

if (process.env['PORT'] === undefined) {
  await createLegacyServer().connect(new StdioServerTransport());
} else listenLegacy();

function listenLegacy(): void {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const streams = new Map<string, SSEServerTransport>();

  async function open(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
      eventStore: createEventStore(),
      retryInterval: retryMs,
    });
    // The SDK's own types disagree under exactOptionalPropertyTypes.
    await createLegacyServer().connect(transport as Transport);
    return transport;
  }

  listen(async ({ request, response, path, body }) => {
    if (path === '/sse') {
      const transport = new SSEServerTransport('/messages', response);
      streams.set(transport.sessionId, transport);
      response.once('close', () => streams.delete(transport.sessionId));
      await createLegacyServer().connect(transport);
      return;
    }
    if (path === '/messages') {
      const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('sessionId');
      const transport = streams.get(id ?? '');
      if (transport === undefined) response.writeHead(404).end();
      else await transport.handlePostMessage(request, response, body);
      return;
    }
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    const isOpening = (body as { method?: string } | undefined)?.method === 'initialize';
    if (known === undefined && !isOpening) {
      response.writeHead(id === undefined ? 400 : 404).end();
      return;
    }
    const transport = known ?? (await open());
    await transport.handleRequest(request, response, body);
    if (request.method === 'DELETE' && typeof id === 'string') sessions.delete(id);
  });
}
