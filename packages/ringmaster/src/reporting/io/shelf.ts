import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { htmlOf } from '../html.ts';
import { markdownOf } from '../markdown.ts';
import { type Report, report as reportSchema } from '../report.ts';
import { type KeptReport, reportName, type Shelf, tooMany } from '../shelf.ts';

/** The forms a report is kept in; the first is the one that is read again. */
const forms = ['json', 'md', 'html'] as const;

/** Reports as files of one folder, readable for its owner alone. */
export function createShelf(folder: string): Shelf {
  async function write(file: string, text: string): Promise<void> {
    const path = join(folder, file);
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  async function names(): Promise<string[]> {
    const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return files
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length))
      .filter((name) => reportName.test(name));
  }

  async function look(name: string): Promise<KeptReport[]> {
    try {
      const { mtimeMs, size } = await stat(join(folder, `${name}.json`));
      return [{ name, madeAtMs: Math.round(mtimeMs), sizeBytes: size }];
    } catch {
      // Removed since the folder was read.
      return [];
    }
  }

  return {
    folder,
    async keep(name, report, language) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await write(`${name}.md`, markdownOf(report, language));
      await write(`${name}.html`, htmlOf(report, language));
      await write(`${name}.json`, JSON.stringify(report));
      for (const old of tooMany(await names())) {
        for (const form of forms) await rm(join(folder, `${old}.${form}`), { force: true });
      }
    },
    async list() {
      const kept = await Promise.all((await names()).map(look));
      return kept.flat().sort((one, other) => other.madeAtMs - one.madeAtMs);
    },
    async read(name): Promise<Report | undefined> {
      if (!reportName.test(name)) return undefined;
      try {
        const text = await readFile(join(folder, `${name}.json`), 'utf8');
        return reportSchema.parse(JSON.parse(text));
      } catch {
        // Missing, or damaged from outside: either way there is none to show.
        return undefined;
      }
    },
  };
}
