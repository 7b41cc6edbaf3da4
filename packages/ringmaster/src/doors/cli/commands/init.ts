import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { Problem } from '../../../errors.ts';
import type { ExitCode, Invocation } from '../invocation.ts';
import { fleetFileNames } from '../locate.ts';

/** `ringmaster init`: writes a small fleet file that works; never over one that is there. */
export async function run({ flags, terminal }: Invocation): Promise<ExitCode> {
  const file = resolve(terminal.cwd, flags.file ?? fleetFileNames[0]);
  const { fleetTemplate } = await import('../../../fleet/template.ts');
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, fleetTemplate(fleetNameFor(basename(dirname(file)))), { flag: 'wx' });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw new Problem('fleet_exists', terminal.say('init.exists', { file }));
    }
    throw new Problem('file_unreadable', terminal.say('init.unwritable', { file }), { cause });
  }
  if (terminal.json) terminal.resultJson({ file });
  else terminal.result(terminal.say('init.written', { file }));
  terminal.note(terminal.say('init.next'));
  return 0;
}

/** A name for the fleet of a folder: what of the folder's name fits the rules for names. */
export function fleetNameFor(folder: string): string {
  const plain = folder.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+|-+$/g, '');
  return plain === '' ? 'default' : plain.slice(0, 48);
}
