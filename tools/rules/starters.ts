import { isTest, isTypeScript, type Source, type Verdict } from './source.ts';

const product = 'packages/ringmaster/src/';

/**
 * Every file of the product that starts processes, and what: one of them starts what an entry of the
 * fleet file names, and it does so only with a permit of the gate, which nothing else can make. The
 * others start fixed programs of ours or of the system.
 */
const starters: Readonly<Record<string, string>> = {
  'supervisor/io/gate.ts': 'servers and the commands of health probes, with a permit',
  'supervisor/io/guardian-link.ts': 'the guardian',
  'supervisor/io/pipes.ts': 'mkfifo',
  'supervisor/io/process-facts.ts': 'ps, where there is no /proc',
  'supervisor/io/process-table.ts': 'ps, where there is no /proc',
  'supervisor/io/service-manager.ts': 'systemctl, launchctl',
  'doors/cli/checkup.ts': 'mkfifo, to see whether it works',
  'doors/cli/detach.ts': 'the daemon',
  'doors/cli/commands/login.ts': 'the browser of the desktop, with an address',
  'doors/cli/service-wish.ts': 'id',
};

/** Nothing starts a process but the files above: whoever adds an entry, by whatever door, passes the gate. */
export function processesPassTheGate(sources: readonly Source[]): Verdict {
  const found = sources
    .filter(({ path }) => path.startsWith(product) && isTypeScript(path) && !isTest(path))
    .filter(({ path }) => !path.includes('/testing/'))
    .filter(({ text }) => /node:(?:child_process|cluster)['"]/.test(text))
    .filter(({ text }) => !isTypesOnly(text))
    .map(({ path }) => path.slice(product.length));
  const unknown = found.filter((path) => starters[path] === undefined);
  const gone = Object.keys(starters).filter((path) => !found.includes(path));
  return {
    seen: found.length,
    faults: [
      ...unknown.map((path) => `${path} starts processes; servers are started by the gate alone`),
      ...gone.map((path) => `${path} starts none any more; take it out of the list`),
    ],
  };
}

function isTypesOnly(text: string): boolean {
  const imports = text.match(/import [^;]*?from 'node:child_process'/g) ?? [];
  return imports.length > 0 && imports.every((one) => one.startsWith('import type '));
}
