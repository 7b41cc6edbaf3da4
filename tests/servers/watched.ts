/**
 * Resources one can be told of. `--modern`: both eras. `--refuse`: does not tell of `note://b`. Tools: `change {uri}`
 * tells whoever subscribed that the resource changed; `wanted` answers with what is subscribed to now, `streams` with
 * the number of listens open, `hang_up {how: result|cancelled}` ends them all.
 */
import { hasArgument } from './arguments.ts';
import { serveLines, writeLine } from './line-server.ts';
import { type Call, type Params, RpcError } from './mcp.ts';

const uris = ['note://a', 'note://b', 'note://c'];
const refused = hasArgument('refuse') ? ['note://b'] : [];
const tag = 'io.modelcontextprotocol/subscriptionId';
/** By session in the old eras, where there is one; by listen in the stateless one. */
const subscribed = new Set<string>();
const listens = new Map<string | number, readonly string[]>();

serveLines({
  name: 'watched',
  eras: hasArgument('modern') ? 'both' : 'legacy',
  capabilities: { tools: { listChanged: true }, resources: { subscribe: true } },
  tools: [
    { name: 'change', run: (call) => change(String(call.arguments['uri'])) },
    { name: 'wanted', run: () => [...subscribed, ...[...listens.values()].flat()].join(' ') },
    { name: 'streams', run: () => String(listens.size) },
    { name: 'hang_up', run: (call) => hangUp(String(call.arguments['how'])) },
    { name: 'pid', run: () => String(process.pid) },
  ],
  methods: {
    'resources/list': () => ({ resources: uris.map((uri) => ({ uri, name: uri })) }),
    'resources/templates/list': () => ({ resourceTemplates: [] }),
    'resources/read': ({ params }) => ({ contents: [{ uri: params['uri'], text: 'text' }] }),
    'resources/subscribe': ({ params }) => subscribe(String(params['uri'])),
    'resources/unsubscribe': ({ params }) => {
      subscribed.delete(String(params['uri']));
      return {};
    },
    'subscriptions/listen': listen,
  },
});

function subscribe(uri: string): Params {
  if (refused.includes(uri)) throw new RpcError(-32602, `Nobody is told of ${uri}`);
  subscribed.add(uri);
  return {};
}

function listen(call: Call): unknown {
  const asked = call.params['notifications'] as Params;
  const wanted = ((asked['resourceSubscriptions'] ?? []) as string[]).filter(
    (uri) => !refused.includes(uri),
  );
  listens.set(call.id, wanted);
  call.onCancel(() => listens.delete(call.id));
  const notifications = {
    ...(asked['toolsListChanged'] === true ? { toolsListChanged: true } : {}),
    ...(wanted.length === 0 ? {} : { resourceSubscriptions: wanted }),
  };
  const params = { notifications, _meta: { [tag]: call.id } };
  call.notify('notifications/subscriptions/acknowledged', params);
  return new Promise(() => {});
}

function change(uri: string): string {
  const method = 'notifications/resources/updated';
  if ([...subscribed].some((one) => uri.startsWith(one))) {
    writeLine({ jsonrpc: '2.0', method, params: { uri } });
  }
  for (const [id, wanted] of listens) {
    if (!wanted.some((one) => uri.startsWith(one))) continue;
    writeLine({ jsonrpc: '2.0', method, params: { uri, _meta: { [tag]: id } } });
  }
  return 'changed';
}

function hangUp(how: string): string {
  for (const id of listens.keys()) {
    if (how === 'result') {
      writeLine({ jsonrpc: '2.0', id, result: { resultType: 'complete', _meta: { [tag]: id } } });
    } else {
      writeLine({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
    }
  }
  listens.clear();
  return 'hung up';
}
