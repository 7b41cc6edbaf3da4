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
import type { Cancel, Clock } from '../../clock.ts';
import { asProblem, messageChain, Problem } from '../../errors.ts';
import type { Follow } from '../../journal/followers.ts';
import type { Plans } from './plans.ts';
import { withProgress } from './progress.ts';
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
  /** Committed events, for the progress of long work. */
  readonly follow: Follow;
  readonly clock: Pick<Clock, 'after' | 'tickMs'>;
  tellOperator(text: string): void;
}

/** Resources one session may subscribe to. */
const subscriptionsMax = 200;
/** How long a person may think about a question; a plan holds as long. */
const answerWithinMs = 300_000;

/** How one server is reached. */
export interface Reach {
  /** Whether its client can hear of changes: false only without a session in the 2025 era. */
  readonly canListen: boolean;
  /** What the client of a session wants to hear of, by URI, with what ends the wish. */
  readonly subscriptions?: { readonly uris: Map<string, Cancel>; want(uri: string): Cancel };
}

/** A control server for one request or one session, in either era. */
export function createControlServer(needs: ControlNeeds, reach: Reach): Server {
  const { askAs, plans, version, tellOperator } = needs;
  const { canListen, subscriptions } = reach;
  // What only reads is asked in nobody's name.
  const ask = askAs('');
  const server = new Server(
    { name: 'ringmaster-control', title: 'Ringmaster control', version },
    {
      capabilities: {
        tools: {},
        resources: { subscribe: canListen, listChanged: canListen },
        prompts: {},
        completions: {},
      },
      instructions,
      // A second question is put when the first was answered after its plan had gone.
      inputRequired: { roundTimeoutMs: answerWithinMs, maxRounds: 2 },
    },
  );
  server.setRequestHandler('tools/list', () => ({ tools: listTools() }));
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const asking = { ask: askAs(clientOf(server, context)), plans, tellOperator };
    const call = () =>
      callTool(asking, {
        name: params.name,
        given: params.arguments,
        consent: () => consentOf(server, context),
      });
    const outcome = await reportingProgress(needs, context, params.arguments, call);
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
  if (subscriptions !== undefined) {
    server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
      await subscribe(ask, subscriptions, uri).catch(refuse);
      return {};
    });
    server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
      subscriptions.uris.get(uri)?.();
      subscriptions.uris.delete(uri);
      return {};
    });
  }
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

async function subscribe(
  ask: Ask,
  { uris, want }: NonNullable<Reach['subscriptions']>,
  uri: string,
): Promise<void> {
  if (uris.has(uri)) return;
  if (uris.size >= subscriptionsMax)
    throw new Problem(
      'too_large',
      `Cannot subscribe to ${uri}: this session has ${subscriptionsMax} subscriptions, the most there may be`,
    );
  const readable = await listResources(ask);
  // Reading tells best what is wrong with a URI that is not listed.
  if (!readable.some((one) => one.uri === uri)) await readResource(ask, uri);
  uris.set(uri, want(uri));
}

/** Does a call, and tells its steps to a client that gave a token for it. */
function reportingProgress<T>(
  needs: Pick<ControlNeeds, 'clock' | 'follow'>,
  { mcpReq }: ServerContext,
  given: Readonly<Record<string, unknown>> | undefined,
  call: () => Promise<T>,
): Promise<T> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return call();
  const name = given?.['name'];
  const server = typeof name === 'string' && name !== 'all' ? name : undefined;
  return withProgress(
    needs,
    {
      server,
      tell(step) {
        const params = { progressToken, ...step };
        // A client that went away is told nothing; its call goes on.
        mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
      },
    },
    call,
  );
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
  const { elicitation } = capabilities ?? {};
  // Without a kind it means forms, as it did before there were kinds.
  const hasForms = elicitation?.form !== undefined || elicitation?.url === undefined;
  return { said: elicitation !== undefined && hasForms ? 'unasked' : 'nobody', planId };
}

/**
 * What the client calls itself, at most 100 characters. Clients of 2025 without a session name themselves to
 * a server that has answered and is gone: of them it is the User-Agent of this request.
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
