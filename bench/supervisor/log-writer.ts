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

/** Made once and numbered anew for each write, so that the writer is not what is measured. */
const text = Buffer.alloc(lineBytes * perWrite, 'x');
const digits = 10;

function textFrom(first: number): Buffer {
  for (let at = 0; at < perWrite; at += 1) {
    const number = first + at;
    const from = at * lineBytes;
    if (first === 0 || perWrite % levels.length !== 0) {
      text.write(` ${levels[number % levels.length]} request `, from + digits, 'latin1');
      text[from + lineBytes - 1] = 10;
    }
    for (let place = digits - 1, rest = number; place >= 0; place -= 1) {
      text[from + place] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  }
  return text;
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
