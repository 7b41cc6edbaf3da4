import { fieldsOf } from '../clients/client.ts';
import { circus } from './circus.ts';
import type { Manager, ManagerName } from './manager.ts';
import { appsOf, pm2 } from './pm2.ts';
import { procfile, procfileLine } from './procfile.ts';
import { supervisord } from './supervisord.ts';

/** Every process manager whose configuration is read. */
export const managers: Readonly<Record<ManagerName, Manager>> = {
  circus,
  supervisord,
  pm2,
  procfile,
};

/**
 * Whose configuration a text is, by what stands in it and then by the name of its file; undefined when it is none of a
 * process manager. pm2 files are told by their data: `isPm2`.
 */
export function detectManager(text: string, path: string): Manager | undefined {
  if (/\.(json[c5]?|ya?ml|toml|c?js|mjs|ts)$/i.test(path)) return undefined;
  if (/^\[watcher:[^\]]+\]/m.test(text) || /^\[circus\]/m.test(text)) return circus;
  if (/^\[(program|fcgi-program|eventlistener):[^\]]+\]/m.test(text)) return supervisord;
  if (/^\[supervisord\]/m.test(text)) return supervisord;
  const isNamedSo = /(^|\/)procfile([.-][\w.-]+)?$/i.test(path);
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
  return isNamedSo && lines.some((line) => procfileLine.test(line)) ? procfile : undefined;
}

/** Whether a value of a JSON file is a configuration of pm2: apps with scripts, and nothing of an MCP client. */
export function isPm2(value: unknown): boolean {
  if (Object.hasOwn(fieldsOf(value), 'mcpServers')) return false;
  return appsOf(value).some((app) => typeof fieldsOf(app)['script'] === 'string');
}

/** Whether a file is a program that makes a configuration of pm2; programs are not run to import them. */
export function isPm2Program(path: string): boolean {
  return /(^|\/)(ecosystem|pm2)[\w.-]*\.(c|m)?js$/i.test(path);
}
