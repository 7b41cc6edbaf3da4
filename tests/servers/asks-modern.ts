/**
 * Speaks 2026-07-28 only, and asks in its results; without any library. Its state is readable on purpose: tests see
 * whether it came back as it was given.
 */
import { serveLines } from './line-server.ts';
import { type Call, type Params, RpcError } from './mcp.ts';

const form = {
  method: 'elicitation/create',
  params: { mode: 'form', message: 'Who?', requestedSchema: { type: 'object', properties: {} } },
};
const sample = {
  method: 'sampling/createMessage',
  params: {
    messages: [{ role: 'user', content: { type: 'text', text: 'Capital?' } }],
    maxTokens: 5,
  },
};
const roots = { method: 'roots/list' };
const address = {
  method: 'elicitation/create',
  params: { mode: 'url', message: 'Sign in', url: 'https://example.com/in' },
};

function ask(inputRequests: Params, requestState?: string): Params {
  const state = requestState === undefined ? {} : { requestState };
  return { resultType: 'input_required', inputRequests, ...state };
}

const responsesOf = ({ params }: Call) => params['inputResponses'] as Params | undefined;

/** Asks these until all are answered, then says what the answers were. */
const asking = (inputRequests: Params, state?: string) => (call: Call) => {
  const given = responsesOf(call) ?? {};
  const isDone = Object.keys(inputRequests).every((key) => given[key] !== undefined);
  if (!isDone) return ask(inputRequests, state);
  const { inputResponses, requestState } = call.params;
  return JSON.stringify({ inputResponses, requestState });
};

function needs(capability: string, call: Call): string {
  const meta = call.params['_meta'] as Params;
  const declared = meta['io.modelcontextprotocol/clientCapabilities'] as Params;
  if (declared[capability] !== undefined) return `has ${capability}`;
  const requiredCapabilities = { [capability]: {} };
  throw new RpcError(-32021, `Missing ${capability}`, { requiredCapabilities });
}

serveLines({
  name: 'asks-modern',
  eras: 'modern',
  tools: [
    { name: 'form', run: asking({ who: form }, 'state of form é"') },
    { name: 'bare', run: asking({ who: form }) },
    { name: 'sample', run: asking({ capital: sample }, 's') },
    { name: 'roots', run: asking({ folders: roots }, 'r') },
    { name: 'open', run: asking({ address }, 'a') },
    { name: 'open_bare', run: asking({ address }) },
    { name: 'both', run: asking({ who: form, capital: sample, folders: roots }, 'b') },
    { name: 'forever', run: () => ask({ who: form }, 'again') },
    {
      name: 'rounds',
      run(call) {
        const round = Number(call.params['requestState'] ?? 0);
        return round === 3
          ? 'after 3 rounds'
          : ask({ [`round-${round}`]: form }, String(round + 1));
      },
    },
    { name: 'wrong', run: () => ask({ what: { method: 'tools/list' } }, 'w') },
    { name: 'needs_sampling', run: (call) => needs('sampling', call) },
    { name: 'needs_magic', run: (call) => needs('magic', call) },
    { name: 'declared', run: ({ params }) => JSON.stringify(params['_meta']) },
  ],
});
