/** What a quick look at a fleet file tells about its name. */
export type FleetName =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'unsure' };

/** Which syntax a fleet file is written in, by its extension. */
export type FleetSyntax = 'yaml' | 'toml' | 'json';

/** The syntax of a fleet file by its name; what has no extension of its own is YAML. */
export function syntaxOf(path: string): FleetSyntax {
  if (/\.jsonc?$/i.test(path)) return 'json';
  return /\.toml$/i.test(path) ? 'toml' : 'yaml';
}

const plainName = '([A-Za-z0-9][A-Za-z0-9_.-]*)';
const yamlLine = new RegExp(
  `^(?:fleet|"fleet"|'fleet')[ \\t]*:[ \\t]+(["']?)${plainName}\\1\\s*(?:#|$)`,
);
const tomlLine = new RegExp(`^[ \\t]*fleet[ \\t]*=[ \\t]*(["'])${plainName}\\1\\s*(?:#|$)`);

/**
 * Reads only the name of the fleet, without loading a YAML or TOML parser: that keeps the commands that ask a
 * running daemon quick. `unsure` means that the file must be parsed.
 */
export function scanFleetName(text: string, syntax: FleetSyntax): FleetName {
  if (syntax === 'json') return scanJson(text);
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  for (const line of lines) {
    if (syntax === 'toml' && /^\s*\[/.test(line)) break;
    const match = (syntax === 'toml' ? tomlLine : yamlLine).exec(line);
    if (match?.[2] !== undefined) return { kind: 'named', name: match[2] };
    // A value that this scan cannot read (an alias, a block, an escape), or a file that is one flow mapping.
    if (/^\s*["']?fleet["']?\s*[:=]/.test(line) && !/^\s+/.test(line)) return { kind: 'unsure' };
    if (syntax === 'yaml' && /^\s*[{?]/.test(line)) return { kind: 'unsure' };
  }
  return { kind: 'unnamed' };
}

function scanJson(text: string): FleetName {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    // Comments and trailing commas are allowed in a fleet file; the full parser knows them.
    return { kind: 'unsure' };
  }
  const name = typeof value === 'object' && value !== null && 'fleet' in value && value.fleet;
  if (name === false) return { kind: 'unnamed' };
  return typeof name === 'string' ? { kind: 'named', name } : { kind: 'unsure' };
}
