import { Problem } from '../../errors.ts';
import { readPairs } from './call-arguments.ts';
import { type Invocation, textsOption } from './invocation.ts';

/** `--set a.b=1 --unset c` as the patch `{ a: { b: 1 }, c: null }`; undefined when neither was given. */
export function patchOption(invocation: Invocation): Readonly<Record<string, unknown>> | undefined {
  const { say } = invocation.terminal;
  const read = readPairs(textsOption(invocation, 'set'), undefined);
  if (read.kind === 'refused')
    throw new Problem('bad_usage', say('edit.badPair', { pair: read.pair }));
  const wanted: [string, unknown][] = [
    ...Object.entries(read.values),
    ...textsOption(invocation, 'unset').map((path): [string, unknown] => [path, null]),
  ];
  if (wanted.length === 0) return undefined;
  const patch: Record<string, unknown> = {};
  for (const [path, value] of wanted) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let section = patch;
    for (const name of names) {
      const below = Object.hasOwn(section, name) ? section[name] : undefined;
      const next = typeof below === 'object' && below !== null ? below : {};
      section[name] = next;
      section = next as Record<string, unknown>;
    }
    section[last] = value;
  }
  return patch;
}
