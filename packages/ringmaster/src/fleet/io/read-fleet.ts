import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { Problem } from '../../errors.ts';
import { type CheckInput, checkClientConfig, checkFleet, type FleetOverrides } from '../check.ts';
import { detectClient } from '../clients/index.ts';
import type { Fleet } from '../fleet.ts';
import { type FleetProblem, pathText } from '../problem.ts';
import { formatOf, parseConfig } from './parse-config.ts';
import { readConfigText } from './read-text.ts';
import type { LocatedProblem, SourceDocument } from './source-document.ts';

/** A fleet file as read. */
export interface ReadFleet {
  readonly fleet: Fleet;
  readonly text: string;
  /** sha256 of the text, hexadecimal. */
  readonly hash: string;
  /** What a person should know: keys of a client's configuration that are not used. */
  readonly notes: readonly string[];
}

/** Problems shown of one file; who has more corrects these first. */
const problemsMax = 100;

/**
 * Reads a fleet file in YAML, TOML or JSON (with comments), or a client's own configuration. Rejects with
 * `fleet_not_found`, `file_unreadable`, `profile_not_found`, or one `fleet_invalid` that has every problem with line and column:
 * one line each in the message, and as `details.problems`.
 */
export async function readFleet(
  path: string,
  about: { readonly revision: number; readonly overrides?: FleetOverrides | undefined },
): Promise<ReadFleet> {
  const file = resolve(path);
  const text = await readConfigText(file);
  const { fleet, notes } = await parseFleet(text, file, about);
  return { fleet, text, hash: textHash(text), notes };
}

/** Reads the text of a fleet file that stands, or would stand, at `path`. */
export async function parseFleet(
  text: string,
  path: string,
  about: { readonly revision: number; readonly overrides?: FleetOverrides | undefined },
): Promise<{ readonly fleet: Fleet; readonly notes: readonly string[] }> {
  const file = resolve(path);
  const source = await parseConfig(text, formatOf(file, text));
  if (source.syntaxProblems.length > 0) {
    throw invalid(
      path,
      source.syntaxProblems.map((fault) => ({ file: path, path: '', ...fault })),
    );
  }
  const { value } = source;
  if (value === undefined || value === null) {
    throw invalid(path, [atTop(path, 'the file is empty, needed at least one server')]);
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalid(path, [atTop(path, 'found no section, needed keys such as servers')]);
  }
  const baseDir = dirname(file);
  const input: CheckInput = { ...about, baseDir };
  const client = detectClient(value, file);
  const checked =
    client === undefined
      ? checkFleet(value, input)
      : checkClientConfig(value, client, {
          ...input,
          place: { homeDir: homedir(), workspaceDir: workspaceOf(baseDir) },
        });
  if (checked.fleet === undefined) throw invalid(path, located(checked.problems, source, path));
  requireProfile(checked.fleet, about.overrides?.profile, path);
  return checked;
}

function requireProfile(fleet: Fleet, profile: string | undefined, file: string): void {
  if (profile === undefined || Object.hasOwn(fleet.profiles, profile)) return;
  const known = Object.keys(fleet.profiles);
  const needed = known.length === 0 ? 'it defines none' : `needed one of ${known.join(', ')}`;
  throw new Problem('profile_not_found', `${file} has no profile "${profile}", ${needed}`);
}

/** sha256 of a text, hexadecimal: what `watchFleet` compares. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A client's file lies in the project's folder or in a dot folder of it. */
function workspaceOf(folder: string): string {
  return /^\.(vscode|cursor|codex)$/.test(basename(folder)) ? dirname(folder) : folder;
}

function located(
  problems: readonly FleetProblem[],
  source: SourceDocument,
  file: string,
): LocatedProblem[] {
  return problems.map((problem) => ({
    file,
    ...source.locate(problem.path, problem.at),
    path: pathText(problem.path),
    message: problem.message,
  }));
}

function atTop(file: string, message: string): LocatedProblem {
  return { file, line: 1, column: 1, path: '', message };
}

function invalid(file: string, problems: readonly LocatedProblem[]): Problem {
  const sorted = [...problems].sort(
    (left, right) => left.line - right.line || left.column - right.column,
  );
  const shown = sorted.slice(0, problemsMax);
  const lines = shown.map(({ line, column, path, message }) => {
    const where = `${file}:${line}:${column}`;
    return path === '' ? `${where}: ${message}` : `${where}: ${path}: ${message}`;
  });
  if (problems.length > shown.length) lines.push(`and ${problems.length - shown.length} more`);
  return new Problem('fleet_invalid', lines.join('\n'), { details: { problems: shown } });
}
