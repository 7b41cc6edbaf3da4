import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMs, inRoot, startRingmaster } from '../processes.ts';
import { median } from '../table.ts';
import { call, callRegularly, percentile, runWriter, writerArgs } from './log-load.ts';

const echoFile = inRoot('bench/dist/gateway/echo-child.js');
const warmUpCalls = 400;

/**
 * What calls feel of another server's log flood, as a sentence: p99 beside a writer that the daemon captures, of p99
 * beside the same writer whose lines `cat` throws away, so that the machine is as busy and nothing is logged. Rounds of
 * both in turn at one daemon; the ratio is taken round by round.
 */
export async function callsBesideFloods(of: {
  readonly lines: number;
  readonly rounds: number;
}): Promise<string> {
  const folders = Array.from({ length: of.rounds }, () =>
    mkdtempSync(join(tmpdir(), 'ringmaster-bench-')),
  );
  const args = (folder: string) => writerArgs(folder, { lines: of.lines, perWrite: 1 });
  const daemon = await startRingmaster({
    echo: { command: process.execPath, args: [echoFile] },
    ...Object.fromEntries(
      folders.map((folder, at) => [
        `writer${at}`,
        { kind: 'service', command: process.execPath, args: args(folder) },
      ]),
    ),
  });
  try {
    for (let count = 0; count < warmUpCalls; count += 1) await call(daemon.url);
    const beside = async (flood: () => Promise<unknown>) => {
      const usedMs = cpuMs(daemon.pid);
      const calls = callRegularly(daemon.url);
      await flood();
      const sorted = (await calls.stop()).sort((one, other) => one - other);
      return { p99: Number(percentile(sorted, 0.99)), usedMs: cpuMs(daemon.pid) - usedMs };
    };
    const rounds: { thrown: number; captured: number; ratio: number; moreMs: number }[] = [];
    for (const folder of folders) {
      const thrown = await beside(() => floodIntoCat(args));
      const captured = await beside(() => runWriter(folder));
      rounds.push({
        ...{ thrown: thrown.p99, captured: captured.p99 },
        ...{ ratio: captured.p99 / thrown.p99, moreMs: captured.usedMs - thrown.usedMs },
      });
    }
    const middle = (key: keyof (typeof rounds)[number]) => median(rounds.map((one) => one[key]));
    const each = rounds.map(({ ratio }) => ratio.toFixed(2)).join(', ');
    return [
      `calls beside a captured flood: p99 ${middle('captured').toFixed(2)} ms, beside one thrown away`,
      `${middle('thrown').toFixed(2)} ms: ratio ${middle('ratio').toFixed(2)} (${each});`,
      `the daemon's CPU for it ${((middle('moreMs') * 1e6) / of.lines).toFixed(0)} ns a line`,
    ].join(' ');
  } finally {
    await daemon.stop();
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
}

async function floodIntoCat(args: (folder: string) => string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-bench-'));
  const cat = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  const writer = spawn(process.execPath, args(folder), { stdio: ['ignore', 'ignore', cat.stdin] });
  const gone = [cat, writer].map((child) => new Promise((resolve) => child.once('exit', resolve)));
  await runWriter(folder);
  writer.kill('SIGKILL');
  cat.kill('SIGKILL');
  await Promise.all(gone);
  rmSync(folder, { recursive: true });
}
