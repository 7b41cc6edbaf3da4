import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const app = fileURLToPath(new URL('../../../packages/ringmaster/web/app', import.meta.url));
const assets = join(app, 'assets');
/** Of what the first page needs, gzip: research of other dashboards put 150 kB at a second on a slow line. */
const scriptMaxBytes = 150_000;
const styleMaxBytes = 10_000;
/** Two variable fonts, latin; they are compressed as they are. */
const fontMaxBytes = 56_000;
/** A page that is opened later. */
const pageMaxBytes = 40_000;

/** Scripts that come with the first page: those it names, and what these import at once. */
function firstScripts(): Set<string> {
  const wanted = [
    ...readFileSync(join(app, 'index.html'), 'utf8').matchAll(/assets\/([\w-]+\.js)"/g),
  ];
  const found = new Set<string>();
  const queue = wanted.map(([, name = '']) => name);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const text = readFileSync(join(assets, name), 'utf8');
    for (const [, next = ''] of text.matchAll(/(?:from|import)\s*"\.\/([\w-]+\.js)"/g))
      queue.push(next);
  }
  return found;
}

const sizeOf = (name: string): number => statSync(join(assets, `${name}.gz`)).size;

test('the first page stays within its budget of scripts, styles and fonts, each later page within its own', () => {
  assert.ok(existsSync(assets), 'the dashboard is not built: npm run build');
  const names = readdirSync(assets);
  const first = firstScripts();
  assert.ok(first.size >= 1 && first.size < names.length);
  const sum = (of: readonly string[]): number =>
    of.reduce((total, name) => total + sizeOf(name), 0);
  assert.ok(sum([...first]) <= scriptMaxBytes, `${sum([...first])} bytes of scripts`);
  const styles = names.filter((name) => name.endsWith('.css'));
  assert.ok(styles.length > 0 && sum(styles) <= styleMaxBytes, `${sum(styles)} bytes of styles`);
  const fonts = names.filter((name) => name.endsWith('.woff2'));
  const fontBytes = fonts.reduce((total, name) => total + statSync(join(assets, name)).size, 0);
  assert.ok(fonts.length === 2 && fontBytes <= fontMaxBytes, `${fontBytes} bytes of fonts`);
  const later = names.filter((name) => name.endsWith('.js') && !first.has(name));
  assert.deepEqual(
    later.filter((name) => sizeOf(name) > pageMaxBytes),
    [],
  );
});
