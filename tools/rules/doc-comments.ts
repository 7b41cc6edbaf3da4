import { isTest, isTypeScript, type Source, type Verdict } from './source.ts';

const exported =
  /^export (?:declare )?(?:async )?(?:function\*?|const|let|class|interface|type) (\w+)/;
/** A type that only names what a documented schema or table holds needs no words of its own. */
const derived =
  /^export type \w+(?:<[^=]*>)? =\s*(?:z\.(?:output|input|infer)<|keyof typeof |typeof )/;

/** Every exported symbol of the product has a doc comment. */
export function exportsAreDocumented(sources: readonly Source[]): Verdict {
  const faults: string[] = [];
  let seen = 0;
  for (const source of sources) {
    if (!source.path.startsWith('packages/') || !isTypeScript(source.path) || isTest(source.path))
      continue;
    const lines = source.text.split('\n');
    lines.forEach((line, at) => {
      const name = exported.exec(line)?.[1];
      if (name === undefined) return;
      seen += 1;
      const before = lines[at - 1] ?? '';
      const isOverload = before.includes(`export function ${name}`);
      const isDerived = derived.test(`${line} ${(lines[at + 1] ?? '').trim()}`);
      if (!before.trimEnd().endsWith('*/') && !isOverload && !isDerived)
        faults.push(`${source.path}:${at + 1}: ${name} has no doc comment`);
    });
  }
  return { seen, faults };
}
