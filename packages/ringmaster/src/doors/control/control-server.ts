import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  inputRequired,
  inputResponse,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { asProblem, messageChain } from '../../errors.ts';
import type { Plans } from './plans.ts';
import { runbooks } from './prompts.ts';
import { completeName, listResources, readResource, resourceTemplates } from './resources.ts';
import type { Ask } from './tool.ts';
import { type Consent, callTool, listTools } from './toolbox.ts';

/** What agents are told before anything else; at most 1 kB. */
const instructions =
  'Operates a fleet of MCP servers and services ("processes"). Order of use: list_processes (or check_health) to see what needs help; diagnose for a process that is failed, waiting or sick: it names the probable cause, evidence, entry and what to do, for a fraction of the tokens of logs; then edit_process with what is wrong in its entry, or restart_process; verify with get_process_status. Read get_logs only if diagnose does not suffice, narrowed by level and text. remove_process is confirmed by a person; where nobody can be asked, its first answer is a plan, and calling again with plan_id does it. Approving commands, signing in and setting secrets are a person\'s: say what they must do. Tools of the processes themselves are at the other endpoint, /mcp.';

/** What a control server rests on. */
export interface ControlNeeds {
  /** Asks in the name of the client: what it calls itself. */
  askAs(by: string): Ask;
  readonly plans: Plans;
  readonly version: string;
  tellOperator(text: string): void;
}

/** A control server for one request or one session, in either era. */
export function createControlServer(needs: ControlNeeds): Server {
  const { askAs, plans, version, tellOperator } = needs;
  // What only reads is asked in nobody's name.
  const ask = askAs('');
  const server = new Server(
    { name: 'ringmaster-control', title: 'Ringmaster control', version },
    {
      capabilities: {
        tools: {},
        resources: { subscribe: true, listChanged: true },
        prompts: {},
        completions: {},
      },
      instructions,
    },
  );
  server.setRequestHandler('tools/list', () => ({ tools: listTools() }));
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const asking = { ask: askAs(clientOf(server, context)), plans, tellOperator };
    const outcome = await callTool(asking, {
      name: params.name,
      given: params.arguments,
      consent: () => consentOf(server, context),
    });
    if (outcome.kind === 'confirm') return question(outcome.message, outcome.planId);
    const { structured, text } = outcome.told;
    const content = [{ type: 'text' as const, text }];
    if (outcome.isError) return { content, isError: true };
    return { content, structuredContent: { ...structured } };
  });
  server.setRequestHandler('resources/list', async () => ({ resources: await listResources(ask) }));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates }));
  server.setRequestHandler('resources/read', async ({ params }) => {
    const read = readResource(ask, params.uri);
    return { contents: [await read.catch(refuse)] };
  });
  server.setRequestHandler('prompts/list', () => ({
    prompts: runbooks.map(({ name, title, description, takesName }) => ({
      ...{ name, title, description },
      arguments: takesName ? [{ name: 'name', description: 'The process', required: true }] : [],
    })),
  }));
  server.setRequestHandler('prompts/get', ({ params }) => {
    const found = runbooks.find(({ name }) => name === params.name);
    if (found === undefined) return refuseWith(`There is no prompt ${JSON.stringify(params.name)}`);
    const text = found.text(params.arguments?.['name'] ?? '');
    return { messages: [{ role: 'user', content: { type: 'text', text } }] };
  });
  server.setRequestHandler('completion/complete', async ({ params }) => {
    const isName = params.argument.name === 'name';
    const values = isName ? await completeName(ask, params.argument.value) : [];
    return { completion: { values } };
  });
  return server;
}

/** One question of both eras: the SDK asks a session itself, and lets a stateless client come back. */
function question(message: string, planId: string) {
  return inputRequired({
    inputRequests: {
      confirm: inputRequired.elicit({
        message,
        requestedSchema: {
          type: 'object',
          properties: { confirm: { type: 'boolean', title: 'Do it' } },
          required: ['confirm'],
        },
      }),
    },
    requestState: planId,
  });
}

function consentOf(
  server: Server,
  { mcpReq }: ServerContext,
): { said: Consent; planId: string | undefined } {
  const planId = mcpReq.requestState<string>();
  const answer = inputResponse(mcpReq.inputResponses, 'confirm');
  if (answer.kind !== 'missing') {
    const content = acceptedContent<{ confirm?: unknown }>(mcpReq.inputResponses, 'confirm');
    return { said: content?.confirm === true ? 'yes' : 'no', planId };
  }
  const envelope = mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
  const capabilities = (envelope?.[CLIENT_CAPABILITIES_META_KEY] ??
    server.getClientCapabilities()) as ClientCapabilities | undefined;
  return { said: capabilities?.elicitation === undefined ? 'nobody' : 'unasked', planId };
}

/**
 * What the client calls itself, at most 100 characters. Clients of 2025 name themselves once, to a server that has
 * answered and is gone: of them it is the User-Agent of this request.
 */
function clientOf(server: Server, { mcpReq, http }: ServerContext): string {
  const envelope = mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
  const info = (envelope?.[CLIENT_INFO_META_KEY] ?? server.getClientVersion()) as
    | { readonly name?: unknown }
    | undefined;
  if (typeof info?.name === 'string') return info.name.slice(0, 100);
  return http?.req?.headers.get('user-agent')?.split(' ')[0]?.slice(0, 100) || 'unknown';
}

function refuse(error: unknown): never {
  const problem = asProblem(error);
  return refuseWith(`${messageChain(problem)}. ${problem.row.hint}`);
}

function refuseWith(message: string): never {
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
