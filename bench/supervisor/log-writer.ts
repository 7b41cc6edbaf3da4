/**
 * Writes numbered lines of 120 bytes to stderr once the file `--go` exists: `--lines N`, `--per-write N` lines with each
 * write. Then it writes how many milliseconds that took to the file `--done`, and stays.
 */
import { existsSync, writeFileSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    go: { type: 'string', default: '' },
    done: { type: 'string', default: '' },
    lines: { type: 'string', default: '500000' },
    'per-write': { type: 'string', default: '1' },
  },
});
const lineBytes = 120;
const lines = Number(values.lines);
const perWrite = Number(values['per-write']);
const lookEveryMs = 10;
const levels = ['INFO ', 'DEBUG', 'INFO ', 'WARN ', 'INFO ', 'ERROR', 'INFO ', 'INFO '];

const looking = setInterval(() => {
  if (!existsSync(values.go)) return;
  clearInterval(looking);
  // A write that is refused because the pipe is full is tried again at once, as a blocking write would wait.
  const startedMs = performance.now();
  for (let line = 0; line < lines; line += perWrite) writeAll(textFrom(line));
  writeFileSync(values.done, String(performance.now() - startedMs));
  setInterval(() => {}, 1_000_000);
}, lookEveryMs);

function textFrom(first: number): Buffer {
  const bytes = Buffer.allocUnsafe(lineBytes * perWrite);
  for (let at = 0; at < perWrite; at += 1) {
    const number = first + at;
    const head = `${String(number).padStart(10, '0')} ${levels[number % levels.length]} request `;
    bytes.fill(120, at * lineBytes, (at + 1) * lineBytes - 1);
    bytes.write(head, at * lineBytes, 'latin1');
    bytes[(at + 1) * lineBytes - 1] = 10;
  }
  return bytes;
}

function writeAll(bytes: Buffer): void {
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(2, bytes, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
