import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readRunRecord, runPaths } from '../state-file.ts';

/**
 * Whether the guardian holds the input of every recorded server already, and of so many at least. It
 * is a process that takes its time to start, and a daemon that is killed before that takes its
 * servers along. Always true where there is no /proc.
 */
export function isGuarded(dataDir: string, inputCount: number): boolean {
  const inputs = (readRunRecord(dataDir)?.instances ?? []).flatMap(({ pipes }) => pipes.in ?? []);
  try {
    const { pid } = JSON.parse(readFileSync(runPaths(dataDir).guardian, 'utf8'));
    const folder = `/proc/${pid}/fd`;
    const held = new Set(readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`)));
    return inputs.length >= inputCount && inputs.every((input) => held.has(input));
  } catch {
    // It has not written its record yet, or a descriptor was closed while it was looked at.
    return process.platform !== 'linux';
  }
}
