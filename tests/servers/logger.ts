/**
 * Logs while it works. `say {levels}` logs one message of each level (separated by spaces) and answers with the level it
 * was asked for; `wait_and_say {ms, levels}` does so later; `afterwards {levels}` logs once it has answered. Of the old
 * eras one level holds for the connection, of the stateless one each request brings its own. `--modern`: both eras.
 */
import { hasArgument } from './arguments.ts';
import { serveLines } from './line-server.ts';
import type { Call, Params } from './mcp.ts';

const order = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
let sessionLevel = 'unset';

serveLines({
  name: 'logger',
  eras: hasArgument('modern') ? 'both' : 'legacy',
  capabilities: { tools: { listChanged: true }, logging: {} },
  tools: [
    { name: 'say', run: (call) => say(call) },
    {
      name: 'wait_and_say',
      run: (call) =>
        new Promise((resolve) => {
          setTimeout(() => resolve(say(call)), Number(call.arguments['ms']));
        }),
    },
    {
      name: 'afterwards',
      run(call) {
        setTimeout(() => say(call), 50);
        return 'answered';
      },
    },
  ],
  methods: {
    'logging/setLevel'({ params }) {
      sessionLevel = String(params['level']);
      return {};
    },
  },
});

function say(call: Call): string {
  const meta = (call.params['_meta'] ?? {}) as Params;
  const isModern = 'io.modelcontextprotocol/protocolVersion' in meta;
  const asked = isModern ? meta['io.modelcontextprotocol/logLevel'] : sessionLevel;
  const from =
    asked === 'unset' ? 0 : asked === undefined ? order.length : order.indexOf(String(asked));
  for (const level of String(call.arguments['levels']).split(' ')) {
    if (order.indexOf(level) < from) continue;
    const data = { text: String(call.arguments['text'] ?? level) };
    call.notify('notifications/message', { level, logger: 'logger', data });
  }
  return String(asked);
}
