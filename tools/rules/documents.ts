import type { Source, Verdict } from './source.ts';

/** Every relative link of a Markdown page leads to a file or folder of the project. */
export function linksResolve(
  sources: readonly Source[],
  exists: (path: string) => boolean,
): Verdict {
  const faults: string[] = [];
  let seen = 0;
  for (const page of sources.filter((source) => source.path.endsWith('.md'))) {
    const folder = page.path.split('/').slice(0, -1);
    const text = page.text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
    for (const match of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      const target = (match[1] ?? '').replace(/[#?].*$/, '');
      if (target === '' || /^[a-z]+:/.test(match[1] ?? '')) continue;
      seen += 1;
      const path = normalise([...folder, ...target.split('/')]);
      if (!exists(path)) faults.push(`${page.path}: the link ${match[1]} leads nowhere`);
    }
  }
  return { seen, faults };
}

function normalise(parts: readonly string[]): string {
  const path: string[] = [];
  for (const part of parts) {
    if (part === '..') path.pop();
    else if (part !== '.' && part !== '') path.push(part);
  }
  return path.join('/');
}

/** Every `ringmaster …` line in a fenced block of a page names a command that exists. */
export function commandsExist(sources: readonly Source[], commands: readonly string[]): Verdict {
  const faults: string[] = [];
  let seen = 0;
  for (const page of sources.filter((source) => source.path.endsWith('.md')))
    for (const [block] of page.text.matchAll(/^ *```[\s\S]*?^ *```/gm))
      for (const match of block.matchAll(
        /^\s*(?:\$ )?(?:npx |\S*\/)?ringmaster +([a-z][a-z-]*)/gm,
      )) {
        seen += 1;
        if (!commands.includes(match[1] ?? ''))
          faults.push(`${page.path}: there is no command "ringmaster ${match[1]}"`);
      }
  return { seen, faults };
}

/** Every decision has a number of its own, which its file name and its heading begin with. */
export function decisionsAreNumbered(sources: readonly Source[]): Verdict {
  const numbered = sources.flatMap(({ path, text }) => {
    const [, number] = /^docs\/decisions\/(.{4}).*\.md$/.exec(path) ?? [];
    return number === undefined ? [] : [{ path, text, number }];
  });
  const faults = numbered.flatMap(({ path, text, number }, at) => [
    ...(text.startsWith(`# ${number}: `) ? [] : [`${path}: its heading is not "# ${number}: …"`]),
    ...(numbered.findIndex((one) => one.number === number) === at
      ? []
      : [`${path}: another decision has the number ${number}; take the next free one`]),
  ]);
  return { seen: numbered.length, faults };
}

/** Two pages that are translations have the same headings, level by level. */
export function headingsMatch(one: Source, other: Source): Verdict {
  const levels = (page: Source) => {
    const text = page.text.replace(/^ *```[\s\S]*?^ *```/gm, '');
    return [...text.matchAll(/^(#+) /gm)].map((match) => (match[1] ?? '').length);
  };
  const [first, second] = [levels(one), levels(other)];
  const isSame = first.join() === second.join();
  const fault = `${one.path} has headings of levels ${first}, ${other.path} of ${second}`;
  return { seen: first.length, faults: isSame ? [] : [fault] };
}

// Put together from pieces, so that this file does not name what it forbids.
const privateWords: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(['', 'work', '(main|shared|repo)'].join('\\/')),
    'a folder of the machine it was made on',
  ],
  [new RegExp(['\\.\\.', 'shared', ''].join('\\/')), 'a folder outside the project'],
  [/\/home\/[a-z]+\/[a-z]|\/Users\/[a-z]+\/dev/, 'a home folder'],
  [/"resolved": "https?:/, 'where a package was downloaded from'],
  [/registry\.[a-z]+\.[a-z]+/, 'a package registry'],
];

/** No file names a machine, a folder outside the project or a package registry. */
export function nothingPrivateIsNamed(sources: readonly Source[]): Verdict {
  const faults = sources.flatMap((source) =>
    privateWords.flatMap(([word, what]) => {
      const match = word.exec(source.text);
      return match === null ? [] : [`${source.path}: names ${what}: ${match[0]}`];
    }),
  );
  return { seen: sources.length, faults };
}
