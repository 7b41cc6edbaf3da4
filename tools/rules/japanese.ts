import { samplesOf, unknown } from './sentence-samples.ts';
import { isTest, lineAt, type Source, type Verdict } from './source.ts';

/** Where a sentence of the daemon about a failure is made: which argument of which call. */
const makers = [
  { callee: 'new Problem', argument: 1, where: /./ },
  { callee: 'failure', argument: 1, where: /\/gateway\// },
  { callee: 'notRunning', argument: 1, where: /\/gateway\// },
  { callee: 'busy', argument: 1, where: /\/gateway\// },
  // Faults of the fleet file: the path of the setting first, then what is wrong.
  { callee: 'add', argument: 1, where: /\/fleet\/(?:check|resolve)[^/]*\.ts$/ },
] as const;

/** Files that hand on what somebody else says, or was said before. */
const retold: readonly string[] = [
  'errors.ts',
  'fleet/check-alerts.ts',
  'fleet/check-views.ts',
  'fleet/io/export-clients.ts',
  'fleet/io/import-clients.ts',
  'fleet/io/read-fleet.ts',
  'fleet/io/read-manager.ts',
  'fleet/io/read-variables.ts',
  'fleet/resolve.ts',
  'gateway/io/conversation.ts',
  'gateway/io/dispatch.ts',
  'gateway/io/legs/http-failures.ts',
  'gateway/io/legs/upstream-sse.ts',
  'gateway/io/operator.ts',
  'gateway/io/own-request.ts',
  'gateway/io/upstreams.ts',
  'supervisor/io/launch.ts',
  'supervisor/io/team.ts',
];

const base = 'packages/ringmaster/src/';
const japanese = /[ぁ-んァ-ヶ一-龠]/;
/** Four words of English in a row: a clause that was left as it is. */
const english = /(?:\b[A-Za-z]+ ){3}[a-z]+/;

/** Every error of the daemon is said in Japanese too, to its last clause; the command line has its sentences in both. */
export function errorsAreSaidInJapanese(
  sayWhy: (why: string, language: 'ja') => string,
  sources: readonly Source[],
): Verdict {
  const faults: string[] = [];
  let seen = 0;
  for (const { path, text } of sources) {
    if (!path.startsWith(base) || isTest(path) || path.startsWith(`${base}doors/cli/`)) continue;
    for (const { callee, argument, where } of makers) {
      if (!where.test(path)) continue;
      for (const { offset, sentences } of samplesOf(text, callee, argument)) {
        // Of our bugs a person reads a number or a stack.
        if (/^new Problem\(\s*'bug'/.test(text.slice(offset, offset + 40))) continue;
        seen += 1;
        const at = `${path}:${lineAt(text, offset)}`;
        const fault = (sentence: string) => faultOf(sentence, path.slice(base.length), sayWhy);
        faults.push(...sentences.flatMap(fault).map((words) => `${at}: ${words}`));
      }
    }
  }
  return { seen, faults };
}

function faultOf(
  sentence: string,
  file: string,
  sayWhy: (why: string, language: 'ja') => string,
): readonly string[] {
  if (!/[a-z]/.test(sentence.replaceAll(unknown, '')))
    return retold.includes(file) ? [] : ['its sentence is made elsewhere, which nothing checks'];
  const said = sayWhy(sentence, 'ja');
  return japanese.test(said) && !english.test(said)
    ? []
    : [`needs a row in src/japanese/, which says ${JSON.stringify(said)}`];
}
