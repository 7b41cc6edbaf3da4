import { Problem } from '../../errors.ts';
import { isRisky, keepExactNumbers, writeExact } from '../exact-numbers.ts';
import type { JsonObject } from '../messages.ts';
import { operator } from '../owner.ts';
import { serverView } from '../view.ts';
import type { Caller, Calls } from './calls.ts';
import type { Shelf } from './shelf.ts';
import type { Upstreams } from './upstream-table.ts';

/** What a tool answered; `resultJson` is the result as text where numbers in it would be rounded. */
export interface OperatorAnswer {
  readonly result: JsonObject;
  readonly tookMs: number;
  readonly resultJson: string | undefined;
}

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
): Promise<OperatorAnswer> {
  const { server, tool } = call;
  const { calls, upstreams, shelf } = needs;
  return new Promise((resolve, reject) => {
    const startedAtMs = performance.now();
    const caller: Caller = {
      ...{ owner: operator, reach: 'none', client: 'operator', id: undefined },
      digest: () => '',
      reply(_call, reply, line) {
        const tookMs = Math.round((performance.now() - startedAtMs) * 100) / 100;
        if (reply.kind === 'result') resolve({ ...exactResult(reply, line), tookMs });
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

/** A result, and as text where `line`, which it was read from, holds numbers that reading has rounded. */
function exactResult(
  reply: { readonly result: JsonObject },
  line: string | undefined,
): Omit<OperatorAnswer, 'tookMs'> {
  const { result } = reply;
  if (line === undefined || !isRisky(line)) return { result, resultJson: undefined };
  keepExactNumbers(line, reply, 'result');
  return { result, resultJson: writeExact(result) };
}
