/**
 * Answers wrongly before it answers properly. The tool says how:
 * `half` half a JSON line first; `wrong_id` an answer to an id nobody used; `duplicate` the answer twice;
 * `late` answers twice, the second time after `ms`; `both` a result and an error in one answer;
 * `text_id` the id as text; `no_newline` 10 MB that are no line first; `empty` an answer without result and error;
 * `null` and `list` results that are no object; `asks` a result of the stateless era, which asks; `never` no answer at
 * all, only garbage.
 */
import { echoTools } from './echo-tools.ts';
import { serveLines, writeLine } from './line-server.ts';
import { type Call, noAnswer } from './mcp.ts';

const tricks: Readonly<Record<string, (call: Call) => unknown>> = {
  half(call) {
    process.stdout.write(`{"jsonrpc":"2.0","id":${call.id},"result":{"content":[{"ty\n`);
    return 'half';
  },
  wrong_id() {
    writeLine({ jsonrpc: '2.0', id: 999_999_999, result: text('not yours') });
    writeLine({ jsonrpc: '2.0', id: 'nobody', result: text('not yours') });
    return 'wrong_id';
  },
  duplicate(call) {
    writeLine({ jsonrpc: '2.0', id: call.id, result: text('duplicate') });
    writeLine({ jsonrpc: '2.0', id: call.id, result: text('second answer') });
    return noAnswer;
  },
  late(call) {
    const second = { jsonrpc: '2.0', id: call.id, result: text('late answer') } as const;
    setTimeout(writeLine, Number(call.arguments['ms'] ?? 50), second);
    return 'late';
  },
  both(call) {
    const error = { code: -32603, message: 'both' };
    writeLine({ jsonrpc: '2.0', id: call.id, result: text('both'), error });
    return noAnswer;
  },
  text_id(call) {
    writeLine({ jsonrpc: '2.0', id: `${call.id}`, result: text('text_id') });
    return noAnswer;
  },
  no_newline() {
    process.stdout.write('e'.repeat(10_000_000));
    process.stdout.write('\n');
    return 'no_newline';
  },
  empty(call) {
    writeLine({ jsonrpc: '2.0', id: call.id });
    return noAnswer;
  },
  null(call) {
    process.stdout.write(`{"jsonrpc":"2.0","id":${call.id},"result":null}\n`);
    return noAnswer;
  },
  list(call) {
    process.stdout.write(`{"jsonrpc":"2.0","id":${call.id},"result":[]}\n`);
    return noAnswer;
  },
  asks(call) {
    const kind = { resultType: 'input_required', requestState: 'mine' };
    writeLine({ jsonrpc: '2.0', id: call.id, result: { ...text('asked'), ...kind } });
    return noAnswer;
  },
  never() {
    process.stdout.write('{"jsonrpc":"2.0","id":null,"result":{}}\n{}\n');
    return noAnswer;
  },
};

serveLines({
  name: 'garbage',
  tools: [...echoTools, ...Object.entries(tricks).map(([name, run]) => ({ name, run }))],
});

function text(value: string) {
  return { content: [{ type: 'text', text: value }] };
}
