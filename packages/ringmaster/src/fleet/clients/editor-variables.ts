import { escapeLiteral } from '../variables.ts';
import type { ImportPlace } from './client.ts';
import { variableName } from './names.ts';

/**
 * Puts `${env:X}`, `${input:id}`, `${workspaceFolder}`, `${userHome}` and `${pathSeparator}`, which VS Code and
 * Cursor know, into our form. Folders become plain paths, because the daemon has no workspace of its own.
 */
export function convertEditorVariables(
  text: string,
  place: ImportPlace,
  note: (what: string) => void,
): string {
  const pieces = text.split(/(\$\{[^}]*\})/);
  return pieces
    .map((piece, index) =>
      index % 2 === 0 ? escapeLiteral(piece) : convertOne(piece, place, note),
    )
    .join('');
}

function convertOne(piece: string, place: ImportPlace, note: (what: string) => void): string {
  const [, kind, value] = /^\$\{([A-Za-z]+|\/)(?::([^}]*))?\}$/.exec(piece) ?? [];
  switch (kind) {
    case 'env':
      if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(value ?? '')) return `\${${value}}`;
      break;
    case 'input':
      return `\${${variableName(value ?? 'input')}}`;
    case 'workspaceFolder':
    case 'workspaceRoot':
      note(`${piece} is ${place.workspaceDir} here`);
      return escapeLiteral(place.workspaceDir);
    case 'workspaceFolderBasename':
      note(`${piece} is the name of ${place.workspaceDir} here`);
      return escapeLiteral(place.workspaceDir.split('/').pop() ?? '');
    case 'userHome':
      note(`${piece} is ${place.homeDir} here`);
      return escapeLiteral(place.homeDir);
    case 'pathSeparator':
    case '/':
      return '/';
    default:
      break;
  }
  note(`${piece.slice(0, 60)} has no counterpart here and is kept as text`);
  return escapeLiteral(piece);
}
