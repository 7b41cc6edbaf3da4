import { Problem } from '../../../errors.ts';
import { type ExitCode, type Invocation, isGiven, textOption, textsOption } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { tellActions } from './apply.ts';

/** `ringmaster add NAME -- COMMAND ARGS…` or `add NAME --url URL`: writes it to the fleet file and starts it. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const [server = '', command, ...args] = words;
  const url = textOption(invocation, 'url');
  if (command === undefined && url === undefined) {
    throw new Problem('bad_usage', terminal.say('add.nothing', { server }));
  }
  const port = textOption(invocation, 'serverPort');
  const entry = {
    ...(isGiven(invocation, 'service') ? { kind: 'service' } : {}),
    ...(command === undefined ? {} : { command }),
    ...(args.length === 0 ? {} : { args }),
    ...(url === undefined ? {} : { url }),
    ...(port === undefined ? {} : { port: port === 'auto' ? port : Number(port) }),
    ...pairs(invocation, 'env', 'env'),
    ...pairs(invocation, 'header', 'headers'),
  };
  const client = await reachDaemon(flags, terminal);
  const result = await client.ask('server.add', { server, entry });
  if (terminal.json) terminal.resultJson(result);
  else tellActions(result, terminal);
  return 0;
}

/** `NAME=value` options as one object under `key`; nothing when there are none. */
function pairs(invocation: Invocation, option: string, key: string): Record<string, unknown> {
  const given = textsOption(invocation, option);
  if (given.length === 0) return {};
  const entries = given.map((text) => {
    const match = /^([^=]+)=([\s\S]*)$/.exec(text);
    if (match === null) {
      const message = invocation.terminal.say('add.badPair', { option: `--${option}` });
      throw new Problem('bad_usage', message);
    }
    return [match[1], match[2]] as const;
  });
  return { [key]: Object.fromEntries(entries) };
}
