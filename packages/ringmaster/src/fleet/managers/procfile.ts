import { lineCommand, shellCommand } from './command-words.ts';
import { cwdFields, type Draft, importOf, type Manager, serviceOf } from './manager.ts';

/** A line of a Procfile: a name, a colon, and a line for a shell. */
export const procfileLine = /^([A-Za-z0-9_-]+):\s*(\S.*)$/;

/** Procfile, as Heroku, foreman and honcho read it. */
export const procfile: Manager = {
  name: 'procfile',
  title: 'Procfile',
  format: 'text',
  read(content, place) {
    const notes: string[] = [];
    const drafts: Draft[] = [];
    for (const [index, line] of String(content).split(/\r?\n/).entries()) {
      if (/^\s*(#|$)/.test(line)) continue;
      const [, name, written] = procfileLine.exec(line) ?? [];
      if (name === undefined || written === undefined) {
        notes.push(`line ${index + 1} is left out: found ${line.trim().slice(0, 60)}`);
        continue;
      }
      // Heroku runs it once before a new version starts, not beside the others.
      const isRelease = name === 'release';
      const understood = lineCommand(written.trim());
      const isEmpty = understood.fields.command === '';
      const { fields, notes: own } = isEmpty ? shellCommand(written, 'no program') : understood;
      const usesPort = [fields.command, ...(fields.args ?? []), ...Object.values(fields.env ?? {})]
        .map(String)
        .some((word) => /\$\{?PORT\b/.test(word));
      drafts.push({
        originalName: name,
        rank: 0,
        notes: [
          ...own,
          ...(usesPort ? ['takes PORT: Ringmaster chooses a free one (port: auto)'] : []),
          ...(isRelease ? ['is a command that is run once, so it is not enabled'] : []),
        ],
        entry: serviceOf({
          ...fields,
          ...cwdFields(undefined, place),
          ...(place.hasEnvFile ? { envFile: `${place.sourceDir}/.env` } : {}),
          ...(usesPort ? { port: 'auto' as const } : {}),
          ...(isRelease ? { enabled: false } : {}),
        }),
      });
    }
    return importOf(drafts, notes);
  },
};
