/**
 * Runs test files, each in a process group of its own, and ends with `N passed, N failed` as its last line; what was
 * skipped, and what passed only the second time, stands on the lines before it. `node tools/run-tests.mjs [--root FOLDER]
 * [--timeout-ms N] [part of a path …]` runs those files only. Node 20 has no globbing for tests and no time-out that names
 * the file which hangs, hence this. Why a file that failed runs once more, alone: docs/decisions/0025-second-run.md.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** One more than two cores can run: many files wait half of their time, for processes, deadlines and browsers. */
const filesAtOnce = 3;
/** For files that hang, not for those that are slow: the longest takes 3 min on one core that others use as well. */
const defaultTimeoutMs = 300_000;
/** More failing files than this are no matter of a busy machine: none of them is run again. */
const secondRunsMax = 3;
/** Output of a failing file that is shown: its end. */
const shownOutputBytes = 20_000;

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { root: { type: 'string' }, 'timeout-ms': { type: 'string' } },
});
const root = values.root ?? fileURLToPath(new URL('../', import.meta.url));
const fileTimeoutMs = Number(values['timeout-ms'] ?? defaultTimeoutMs);
const reporter = new URL('./reporter.mjs', import.meta.url).href;
const scratch = mkdtempSync(join(tmpdir(), 'ringmaster-tests-'));
const running = new Set();
const totals = { passed: 0, failed: 0, skipped: 0 };

process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    for (const child of running) killGroup(child);
    process.exit(130);
  });

const files = findSources().filter(
  (file) => wanted.length === 0 || wanted.some((part) => file.includes(part)),
);
const queue = [...files];
const failing = [];
await Promise.all(Array.from({ length: filesAtOnce }, work));
const unsteady = await runAlone();

for (const file of unsteady)
  process.stdout.write(`unsteady: ${file} failed above, then passed alone\n`);
if (totals.skipped > 0) process.stdout.write(`${totals.skipped} skipped, see ↷ above\n`);
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;

async function work() {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const result = await runFile(file);
    tell(result);
    if (hasFailed(result)) failing.push(result);
    else add(result);
  }
}

/** Gives the few files that failed one more run with nothing beside them; what they do then counts. */
async function runAlone() {
  const passed = [];
  for (const first of failing) {
    if (failing.length > secondRunsMax) {
      add(first);
      continue;
    }
    process.stdout.write(`\nOnce more, alone: ${first.source}\n`);
    const second = await runFile(first.source);
    tell(second);
    add(second);
    if (!hasFailed(second)) passed.push(first.source);
  }
  return passed;
}

function add(result) {
  for (const outcome of Object.keys(totals)) totals[outcome] += count(result, outcome);
  totals.failed += result.faults.length;
}

function hasFailed(result) {
  return count(result, 'failed') + result.faults.length > 0;
}

function count({ tests }, outcome) {
  return tests.filter((test) => test.outcome === outcome).length;
}

/** Test sources, not test outputs: what was compiled from a source that is gone must not run. */
function findSources() {
  const found = [];
  const visit = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && entry.name !== 'dist') visit(path);
      } else if (/\.test\.tsx?$/.test(entry.name)) found.push(path);
    }
  };
  for (const folder of ['packages', 'servers', 'tests', 'bench', 'tools'])
    if (existsSync(join(root, folder))) visit(folder);
  // From the end: the long ones, of whole programs, first, so that nothing long is left over for one alone.
  return found.sort().reverse();
}

/** `packages/x/src/a/b.test.ts` → `packages/x/dist/a/b.test.js`; elsewhere `dist` stands in the top folder. */
function compiledFile(source) {
  const [top, name, inner, ...rest] = source.replace(/\.tsx?$/, '.js').split('/');
  const path =
    inner === 'src'
      ? [top, name, 'dist', ...rest]
      : [top, 'dist', name, ...(inner === undefined ? [] : [inner, ...rest])];
  return join(root, ...path);
}

function runFile(source) {
  const compiled = compiledFile(source);
  if (!existsSync(compiled))
    return { source, tookMs: 0, tests: [], faults: ['it was not compiled'], output: '' };
  const results = join(scratch, source.replaceAll('/', '_'));
  const args = [
    '--enable-source-maps',
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${results}`,
    compiled,
  ];
  const startedMs = Date.now();
  const child = spawn(process.execPath, args, {
    cwd: root,
    // A group of its own, so that a hanging file can be ended with everything it started.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  running.add(child);
  return finish({ child, source, results, startedMs });
}

function finish({ child, source, results, startedMs }) {
  return new Promise((resolve) => {
    let output = '';
    let isLate = false;
    const take = (chunk) => {
      output = (output + chunk).slice(-shownOutputBytes);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const deadline = setTimeout(() => {
      isLate = true;
      killGroup(child);
    }, fileTimeoutMs);
    // `exit`, not `close`: a leaked grandchild may hold the pipes for ever.
    child.once('exit', (code, signal) => {
      clearTimeout(deadline);
      running.delete(child);
      killGroup(child);
      const tests = readResults(results);
      const faults = faultsOf({ tests, code, signal, isLate });
      resolve({ source, tookMs: Date.now() - startedMs, tests, faults, output });
    });
  });
}

/** What is wrong with the file as a whole, beside its failing tests. */
function faultsOf({ tests, code, signal, isLate }) {
  if (isLate) return [`it did not end within ${fileTimeoutMs / 1_000} s; it was killed`];
  if (signal !== null) return [`it was ended by ${signal}`];
  if (code !== 0 && !tests.some((test) => test.outcome === 'failed'))
    return [`it ended with exit code ${code}`];
  return tests.length === 0 ? ['it has no tests'] : [];
}

function readResults(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  // A killed file may leave half a line at the end.
  return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line));
}

function tell(result) {
  const { source, tookMs, tests, faults, output } = result;
  const mark = hasFailed(result) ? 'FAIL' : '  ok';
  const seconds = (tookMs / 1_000).toFixed(1).padStart(6);
  process.stdout.write(
    `${mark} ${seconds} s ${String(tests.length).padStart(4)} tests  ${source}\n`,
  );
  for (const test of tests.filter((one) => one.outcome === 'skipped'))
    process.stdout.write(`  ↷ ${test.name}${test.why === undefined ? '' : `: ${test.why}`}\n`);
  if (!hasFailed(result)) return;
  for (const fault of faults) process.stdout.write(`\n  ✗ ${source}: ${fault}\n`);
  for (const test of tests.filter((one) => one.outcome === 'failed'))
    process.stdout.write(`\n  ✗ ${test.name}\n${indent(test.error)}\n`);
  if (output.trim() !== '') process.stdout.write(`\n  Output of ${source}:\n${indent(output)}\n`);
  process.stdout.write('\n');
}

function indent(text) {
  return text.trimEnd().replace(/^/gm, '    ');
}

function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group is gone already.
  }
}
