import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  type InputRequests,
  inputRequired,
  ResourceNotFoundError,
  Server,
  type ServerContext,
  type ServerResult,
} from '@modelcontextprotocol/server';
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

/** Tells everybody that something changed; which server object they talk to does not matter. */
export interface Announcer {
  changed(list: 'tools' | 'prompts'): Promise<void>;
  updated(uri: string): Promise<void>;
}

/** The answers of the rounds before this one; sealed, as it travels through the client. */
interface Rounds {
  readonly answers: readonly Answers[];
}

const codec = createRequestStateCodec<Rounds>({
  key: crypto.getRandomValues(new Uint8Array(32)),
});

/** Thrown where a tool waits for answers that have not come; the next round runs it again. */
class Unanswered extends Error {
  readonly questions: Questions;
  readonly before: readonly Answers[];
  constructor(questions: Questions, before: readonly Answers[]) {
    super('unanswered');
    this.questions = questions;
    this.before = before;
  }
}

/** A server over the official SDK, version 2, which serves whichever era its transport finds. */
export function createServer(
  announcerOf: (server: Server, watched: ReadonlySet<string>) => Announcer,
): Server {
  const server = new Server(
    { name: 'everything', version: '1.0.0' },
    { capabilities, requestState: { verify: codec.verify } },
  );
  const watched = new Set<string>();
  const announcer = announcerOf(server, watched);
  const run = (
    context: ServerContext,
    args: Data | undefined,
    what: (turn: Turn) => Promise<Data>,
  ) => answerOrAsk(() => what(turnOf(server, context, args, announcer)));

  server.setRequestHandler('tools/list', () => ({ tools: listTools() }) as never);
  server.setRequestHandler('tools/call', ({ params }, context) =>
    run(context, params.arguments, (turn) => callTool(params.name, turn)),
  );
  server.setRequestHandler('prompts/list', () => ({ prompts: listPrompts() }) as never);
  server.setRequestHandler('prompts/get', ({ params }, context) =>
    run(context, params.arguments, (turn) => getPrompt(params.name, turn)),
  );
  server.setRequestHandler('resources/list', () => ({ resources }) as never);
  server.setRequestHandler(
    'resources/templates/list',
    () => ({ resourceTemplates: templates }) as never,
  );
  server.setRequestHandler('resources/read', ({ params: { uri } }) => {
    const found = readResource(uri);
    if (found === undefined) throw new ResourceNotFoundError(uri);
    return found as never;
  });
  server.setRequestHandler('completion/complete', () => completion as never);
  server.setRequestHandler('resources/subscribe', ({ params }) => {
    watched.add(params.uri);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    watched.delete(params.uri);
    return {};
  });
  return server;
}

async function answerOrAsk(answer: () => Promise<Data>): Promise<never> {
  try {
    return (await answer()) as ServerResult as never;
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return inputRequired({
      inputRequests: error.questions as unknown as InputRequests,
      requestState: await codec.mint({ answers: error.before }),
    }) as never;
  }
}

function turnOf(
  server: Server,
  context: ServerContext,
  args: Data | undefined,
  announcer: Announcer,
): Turn {
  const { mcpReq } = context;
  const progressToken = mcpReq._meta?.progressToken;
  const before = [...(mcpReq.requestState<Rounds>()?.answers ?? [])];
  const fresh = before.length;
  let round = 0;
  return {
    args: args ?? {},
    progressToken,
    declared:
      declaredBy(mcpReq.envelope as Data | undefined) ?? server.getClientCapabilities() ?? {},
    async progress(progress, total) {
      if (progressToken === undefined) return;
      const params = { progressToken, progress, total };
      await mcpReq.notify({ method: 'notifications/progress', params });
    },
    log: (words) => mcpReq.log('info', words),
    async ask(questions) {
      const asked = round;
      round += 1;
      const known = before[asked];
      if (known !== undefined) return known;
      // What the client sent answers the first question that no earlier round has answered.
      const given = asked === fresh ? (mcpReq.inputResponses ?? {}) : {};
      const keys = Object.keys(questions);
      if (keys.some((key) => given[key] === undefined)) throw new Unanswered(questions, before);
      const answers = Object.fromEntries(keys.map((key) => [key, given[key] as Data]));
      before.push(answers);
      return answers;
    },
    changed: (list) => announcer.changed(list),
    updated: (uri) => announcer.updated(uri),
    closeStream: () => context.http?.closeSSE?.(),
  };
}

function declaredBy(envelope: Data | undefined): Data | undefined {
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] as Data | undefined;
}
