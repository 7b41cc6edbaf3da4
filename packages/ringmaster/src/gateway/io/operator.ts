import { Problem } from '../../errors.ts';
import type { JsonObject } from '../messages.ts';
import { operator } from '../owner.ts';
import { serverView } from '../view.ts';
import type { Caller, Calls } from './calls.ts';
import type { Shelf } from './shelf.ts';
import type { Upstreams } from './upstreams.ts';

/** Calls a tool by its own name on behalf of the operator; counted and journalled like any call. */
export function callAsOperator(
  needs: { readonly calls: Calls; readonly upstreams: Upstreams; readonly shelf: Shelf },
  call: {
    readonly server: string;
    readonly tool: string;
    readonly arguments: JsonObject;
    readonly timeoutMs?: number;
    readonly limitMs: number;
  },
): Promise<{ readonly result: JsonObject; readonly tookMs: number }> {
  const { server, tool } = call;
  const { calls, upstreams, shelf } = needs;
  return new Promise((resolve, reject) => {
    const startedAtMs = performance.now();
    const caller: Caller = {
      ...{ owner: operator, reach: 'none', client: 'operator', id: undefined },
      digest: () => '',
      reply(_call, reply) {
        const tookMs = Math.round((performance.now() - startedAtMs) * 100) / 100;
        if (reply.kind === 'result') resolve({ result: reply.result, tookMs });
        else {
          const code = reply.problem ?? 'conversation_failed';
          const said = reply.problem === undefined ? `Server "${server}" refused the call: ` : '';
          const details = { server, rpcCode: reply.error.code };
          reject(new Problem(code, `${said}${reply.error.message}`, { details }));
        }
      },
      progress() {},
      log() {},
      ask: () => undefined,
      interim() {},
      cancelled() {},
    };
    const view = serverView(server);
    shelf.whenReady(view, () => {
      const { items, hidden } = shelf.catalogue(view);
      const known = items.tools;
      const hiddenBy = hidden.tools.find(({ name }) => name === tool)?.hiddenBy;
      if (hiddenBy !== undefined) {
        const what = `Tool "${tool}" of server "${server}" is hidden by ${hiddenBy}`;
        reject(new Problem('tool_not_found', what));
        return;
      }
      if (known.length > 0 && !known.some(({ name }) => name === tool)) {
        reject(new Problem('tool_not_found', `Server "${server}" has no tool "${tool}"`));
        return;
      }
      const begun = calls.begin({
        server,
        method: 'tools/call',
        name: tool,
        params: { name: tool, arguments: call.arguments },
        caller,
        progressToken: undefined,
        timeoutMs: Math.min(call.timeoutMs ?? call.limitMs, call.limitMs),
      });
      upstreams.dispatch(begun);
    });
  });
}
