/**
 * A server that asks its client things, written once over the official SDK, version 2: questions in results for the
 * stateless era, requests for the eras with a handshake. `--reject-legacy` leaves out the second.
 */
import { inputRequired, Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { hasArgument } from './arguments.ts';

const requestedSchema = {
  type: 'object' as const,
  properties: { name: { type: 'string' as const } },
};
const question = { type: 'text' as const, text: 'What is the capital of France?' };

const questions = {
  form: () => inputRequired.elicit({ message: 'Who are you?', requestedSchema }),
  sample: () =>
    inputRequired.createMessage({ messages: [{ role: 'user', content: question }], maxTokens: 10 }),
  roots: () => inputRequired.listRoots(),
};
type Kind = keyof typeof questions;

serveStdio(
  () => {
    const server = new Server(
      { name: 'asks-v2', version: '1.0.0' },
      { capabilities: { tools: {} } },
    );
    server.setRequestHandler('tools/list', () => ({
      tools: Object.keys(questions).map((name) => ({
        name,
        inputSchema: { type: 'object' as const },
      })),
    }));
    server.setRequestHandler('tools/call', (request, { mcpReq }) => {
      const kind = request.params.name as Kind;
      const response = mcpReq.inputResponses?.[kind];
      if (response === undefined)
        return inputRequired({ inputRequests: { [kind]: questions[kind]() } });
      return { content: [{ type: 'text' as const, text: JSON.stringify(response) }] };
    });
    return server;
  },
  { legacy: hasArgument('reject-legacy') ? 'reject' : 'serve' },
);
