import { readFileSync } from 'node:fs';

/** Version of this package. */
export function ownVersion(): string {
  const path = new URL('../../../package.json', import.meta.url);
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };
  return manifest.version;
}
