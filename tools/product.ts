import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Absolute path of a file of the project; this file is compiled to `tools/dist`. */
export function inRoot(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

type Errors = typeof import('../packages/ringmaster/src/errors.ts');
type EventKinds = typeof import('../packages/ringmaster/src/journal/events.ts');
type Operations = typeof import('../packages/ringmaster/src/operations/index.ts');
type Routes = typeof import('../packages/ringmaster/src/operations/routes.ts');

/** What the product declares once: errors, events, operations and where they are found. */
export async function loadDeclarations() {
  const { problemRows } = (await load('errors')) as Errors;
  const { eventKinds } = (await load('journal/events')) as EventKinds;
  const { operations } = (await load('operations/index')) as Operations;
  const { routes } = (await load('operations/routes')) as Routes;
  return { problemRows, eventKinds, operations, routes };
}

type DerivedTools = typeof import('../packages/ringmaster/src/doors/control/derived-tools.ts');
type Prompts = typeof import('../packages/ringmaster/src/doors/control/prompts.ts');
type Resources = typeof import('../packages/ringmaster/src/doors/control/resources.ts');
type Toolbox = typeof import('../packages/ringmaster/src/doors/control/toolbox.ts');

/** What agents find at `/control/mcp`. */
export async function loadControl() {
  const { controlTools, listTools } = (await load('doors/control/toolbox')) as Toolbox;
  const { leftOut } = (await load('doors/control/derived-tools')) as DerivedTools;
  const { resourceTemplates } = (await load('doors/control/resources')) as Resources;
  const { runbooks } = (await load('doors/control/prompts')) as Prompts;
  return {
    tools: listTools(),
    operationOf: new Map(controlTools.map(({ name, operation }) => [name, operation])),
    templates: resourceTemplates,
    prompts: runbooks,
    leftOut,
  };
}

/** Says a sentence of the daemon in Japanese. */
export async function loadSayWhy() {
  return (
    (await load(
      'japanese/say-why',
    )) as typeof import('../packages/ringmaster/src/japanese/say-why.ts')
  ).sayWhy;
}

interface FleetPages {
  readonly json: () => object;
  readonly markdown: () => string;
}

/** The JSON Schema and the reference page of the fleet file. */
export async function loadFleetPages(): Promise<FleetPages> {
  const schema = (await load('fleet/json-schema')) as { fleetJsonSchema: () => object };
  const page = (await load('fleet/reference')) as { fleetReferenceMarkdown: () => string };
  return { json: schema.fleetJsonSchema, markdown: page.fleetReferenceMarkdown };
}

/** Names of the commands of the command line, in the order of its help. */
export async function loadCommands(): Promise<string[]> {
  const { commandTable } = (await load('doors/cli/command-table')) as { commandTable: object };
  return Object.keys(commandTable);
}

/** Whether a module of the product has been built. */
export function isBuilt(module: string): boolean {
  return existsSync(inRoot(`packages/ringmaster/dist/${module}.js`));
}

// Loaded by address: the compiler cannot rewrite a relative import that leaves the project.
async function load(module: string): Promise<unknown> {
  return import(new URL(`../../packages/ringmaster/dist/${module}.js`, import.meta.url).href);
}
