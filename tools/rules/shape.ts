import { blankStrings, isTest, isTypeScript, lineAt, type Source, type Verdict } from './source.ts';

const fileLinesMax = 300;
const testFileLinesMax = 500;
const functionLinesMax = 60;
const columnsMax = 100;

function ours(sources: readonly Source[]): readonly Source[] {
  return sources.filter((source) => isTypeScript(source.path) || source.path.endsWith('.mjs'));
}

/** A file holds 300 lines at most (tests 500). */
export function filesAreShort(sources: readonly Source[]): Verdict {
  const files = ours(sources);
  const faults = files.flatMap((source) => {
    const lines = source.text.trimEnd().split('\n').length;
    const most = isTest(source.path) ? testFileLinesMax : fileLinesMax;
    return lines > most ? [`${source.path}: ${lines} lines, at most ${most}`] : [];
  });
  return { seen: files.length, faults };
}

/** A function fits a screen: 60 lines; tests may hold more. Counts from the line that opens it to its closing brace. */
export function functionsFitAScreen(sources: readonly Source[]): Verdict {
  const faults: string[] = [];
  let seen = 0;
  for (const source of ours(sources)) {
    if (isTest(source.path)) continue;
    const lines = source.text.split('\n');
    lines.forEach((line, at) => {
      const opened = /^( *)(?:export )?(?:async )?function\*? (\w+)/.exec(line);
      if (opened === null) return;
      seen += 1;
      const end = lines.findIndex((later, index) => index >= at && later === `${opened[1]}}`);
      const length = end - at + 1;
      if (end >= 0 && length > functionLinesMax && !isFactory(lines.slice(at, end + 1)))
        faults.push(
          `${source.path}:${at + 1}: ${opened[2]} has ${length} lines, at most ${functionLinesMax}`,
        );
    });
  }
  return { seen, faults };
}

const factoryLinesMax = 200;

/** A factory that mostly holds other functions is measured by them, within reason. */
function isFactory(lines: readonly string[]): boolean {
  const indent = /^ */.exec(lines[0] ?? '')?.[0].length ?? 0;
  const functions = new RegExp(
    `^ {${indent + 2}}(?:  )?(?:(?:async )?function |(?:async )?\\w+\\([^;]*\\{$|['\\w.]+: .*=>|const \\w+ = .*=> )`,
  );
  const inner = lines.slice(1).filter((line) => functions.test(line));
  return inner.length >= 2 && lines.length <= factoryLinesMax;
}

/** A line holds 100 columns, unless what is too long is a text, a link or a comment's link, which do not break. */
export function linesAreNarrow(sources: readonly Source[]): Verdict {
  const faults: string[] = [];
  let seen = 0;
  for (const source of ours(sources))
    source.text.split('\n').forEach((line, at) => {
      seen += 1;
      if (line.length <= columnsMax || /https?:|['"`]|\/.*\/[a-z]*/.test(line)) return;
      const isComment = /^\s*(\/?\*|\/\/)/.test(line);
      if (!isComment || line.length > columnsMax + 20)
        faults.push(`${source.path}:${at + 1}: ${line.length} columns, at most ${columnsMax}`);
    });
  return { seen, faults };
}

const bannedParts = /^(utils?|helpers?|misc|mgr|cfg|ctx)$/i;
const bannedNames = /^(common|inst)$/i;

/** Words of the domain, in full: no file and no name is called util, helper, common, misc, mgr, cfg, ctx. */
export function namesAreWords(sources: readonly Source[]): Verdict {
  const faults: string[] = [];
  let seen = 0;
  for (const source of ours(sources)) {
    const parts = source.path.replace(/\.[a-z.]+$/, '').split(/[/.-]/);
    for (const part of parts)
      if (bannedParts.test(part) || bannedNames.test(part))
        faults.push(`${source.path}: "${part}" says nothing; name the file after its job`);
    for (const [name] of blankStrings(source.text).matchAll(/(?<![.\w])[A-Za-z_]\w*/g)) {
      seen += 1;
      const words = name.split(/(?=[A-Z])|_/);
      if (bannedNames.test(name) || words.some((word) => bannedParts.test(word)))
        faults.push(`${source.path}: the name "${name}" says nothing; use a word of the domain`);
    }
  }
  return { seen, faults: [...new Set(faults)] };
}

/** File names are kebab-case. */
export function filesAreKebabCase(sources: readonly Source[]): Verdict {
  const files = ours(sources);
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.(tsx?|mjs)$/;
  const faults = files
    .filter((source) => !kebab.test(source.path.split('/').at(-1) ?? ''))
    .map((source) => `${source.path}: file names are kebab-case`);
  return { seen: files.length, faults };
}

const bannedForms: readonly (readonly [RegExp, string])[] = [
  [/^export default\b/gm, 'default export'],
  [/^\s*(?:export )?(?:const |declare )?enum \w/gm, 'enum'],
  [/^\s*(?:export )?(?:declare )?namespace \w/gm, 'namespace'],
  [/^export \* /gm, 'export *'],
  [/^\s*@\w+\(/gm, 'decorator'],
  [/\bconstructor\((?:[^{)]*,)?\s*(?:private|public|protected|readonly) /g, 'parameter property'],
  [/^\s*(?:export )?(?:abstract )?class \w+\b(?! extends (?:\w*Error|Problem)\b)/gm, 'class'],
];

/** Forms we do without; classes only for errors. The one file that must have a default export is named here. */
export function formsAreAllowed(sources: readonly Source[]): Verdict {
  const files = ours(sources).filter((source) => source.path !== 'tools/reporter.mjs');
  const faults = files.flatMap((source) => {
    const text = blankStrings(source.text);
    return bannedForms.flatMap(([form, name]) =>
      [...text.matchAll(form)].map(
        (match) => `${source.path}:${lineAt(text, match.index)}: ${name} is not used here`,
      ),
    );
  });
  return { seen: files.length, faults };
}
