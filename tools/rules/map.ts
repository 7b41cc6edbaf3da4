import type { Source, Verdict } from './source.ts';

/** Every folder of the list is named in ARCHITECTURE.md, and every folder named in its map exists. */
export function mapShowsFolders(
  page: Source,
  folders: readonly string[],
  exists: (name: string) => boolean,
): Verdict {
  const missing = folders
    .filter((folder) => !page.text.includes(`${folder.split('/').at(-1)}/`))
    .map((folder) => `${page.path}: the folder ${folder}/ is not on the map`);
  const map = /^```[^\n]*\n([\s\S]*?)^```/m.exec(page.text)?.[1] ?? '';
  const named = [...map.matchAll(/(?<![\w.<*/-])([a-z][\w-]*(?:\/[a-z][\w-]*)*)\/(?![\w*])/g)];
  const gone = named
    .map((match) => match[1] ?? '')
    .filter((name) => !exists(name))
    .map((name) => `${page.path}: the map names ${name}/, which does not exist`);
  return { seen: folders.length, faults: [...missing, ...gone] };
}
