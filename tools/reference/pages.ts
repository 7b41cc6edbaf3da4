import { loadControl, loadDeclarations, loadFleetPages } from '../product.ts';
import { controlPage } from './control-page.ts';
import { errorsPage } from './errors-page.ts';
import { eventsPage } from './events-page.ts';
import { operationsPage } from './operations-page.ts';

/** Every generated file: path from the project folder → text. */
export async function referenceFiles(): Promise<ReadonlyMap<string, string>> {
  const { problemRows, eventKinds, operations, routes } = await loadDeclarations();
  const fleet = await loadFleetPages();
  return new Map([
    ['docs/reference/fleet-file.md', withFinalNewline(fleet.markdown())],
    ['docs/reference/operations.md', operationsPage(operations, routes)],
    ['docs/reference/control-tools.md', controlPage(await loadControl())],
    ['docs/reference/events.md', eventsPage(eventKinds)],
    ['docs/reference/errors.md', errorsPage(problemRows)],
    [
      'packages/ringmaster/schema/fleet.schema.json',
      `${JSON.stringify(fleet.json(), undefined, 2)}\n`,
    ],
  ]);
}

function withFinalNewline(text: string): string {
  return `${text.trimEnd()}\n`;
}
