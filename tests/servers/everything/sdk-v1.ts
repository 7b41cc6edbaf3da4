import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  ResultSchema,
  type ServerNotification,
  type ServerRequest,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import {
  capabilities,
  completion,
  getPrompt,
  listPrompts,
  readResource,
  resources,
  templates,
} from './things.ts';
import { callTool, listTools } from './tools.ts';
import type { Answers, Data, Questions, Turn } from './turn.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

const resourceNotFound = -32002;

/** One conversation of the handshake era, over the official SDK, version 1; the caller connects it. */
export function createLegacyServer(): Server {
  const server = new Server({ name: 'everything-legacy', version: '1.0.0' }, { capabilities });
  const watched = new Set<string>();
  const turn = (args: Data | undefined, extra: Extra) => turnOf({ server, watched, args, extra });

  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listTools() }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) =>
    callTool(params.name, turn(params.arguments, extra)),
  );
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: listPrompts() }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }, extra) =>
    getPrompt(params.name, turn(params.arguments, extra)),
  );
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [...resources] }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: [...templates],
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => {
    const found = readResource(uri);
    if (found === undefined) throw new McpError(resourceNotFound, 'Resource not found', { uri });
    return found;
  });
  server.setRequestHandler(CompleteRequestSchema, () => completion);
  server.setRequestHandler(SetLevelRequestSchema, () => ({}));
  server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    watched.add(params.uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    watched.delete(params.uri);
    return {};
  });
  return server;
}

function turnOf(needs: {
  readonly server: Server;
  readonly watched: ReadonlySet<string>;
  readonly args: Data | undefined;
  readonly extra: Extra;
}): Turn {
  const { server, watched, extra } = needs;
  const progressToken = extra._meta?.progressToken;
  return {
    args: needs.args ?? {},
    progressToken,
    declared: server.getClientCapabilities() ?? {},
    async progress(progress, total) {
      if (progressToken === undefined) return;
      const params = { progressToken, progress, total };
      await extra.sendNotification({ method: 'notifications/progress', params });
    },
    log: (data) =>
      extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data } }),
    ask: (questions) => askAll(extra, questions),
    changed: (list) =>
      list === 'tools' ? server.sendToolListChanged() : server.sendPromptListChanged(),
    async updated(uri) {
      if (watched.has(uri)) await server.sendResourceUpdated({ uri });
    },
    closeStream: () => extra.closeSSEStream?.(),
  };
}

async function askAll(extra: Extra, questions: Questions): Promise<Answers> {
  const asked = Object.entries(questions).map(async ([key, { method, params }]) => {
    // A question of this era has no name; a gateway to the next era may want one.
    const named = { ...params, _meta: { 'ringmaster/key': key } };
    const request = { method, params: named } as unknown as ServerRequest;
    return [key, (await extra.sendRequest(request, ResultSchema)) as Data] as const;
  });
  const outcomes = await Promise.allSettled(asked);
  const answers = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const refused = outcomes.find((one) => one.status === 'rejected');
  if (answers.length === 0 && refused !== undefined) {
    throw new McpError(ErrorCode.InternalError, String(refused.reason));
  }
  return Object.fromEntries(answers);
}
