/**
 * What the daemon holds after many calls and many sessions, with a heap too small for what leaks: memory is read at ten
 * marks, and what it grew by over the second half is the verdict. `--calls N --sessions N --heap MiB`.
 */
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { inRoot, memoryBytes, startRingmaster } from '../processes.ts';
import { createLoad } from './load.ts';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '1000000' },
    sessions: { type: 'string', default: '10000' },
    heap: { type: 'string', default: '160' },
  },
});
const marks = 10;
const inFlight = 16;
/** Calls are counted by the slice; one is short, so that few calls are made beyond the number. */
const sliceMs = 200;
/** What the second half may add, in MiB: a byte kept of each of a million calls shows as one. */
const growthMaxMib = 24;

const echo = { command: process.execPath, args: [inRoot('bench/dist/gateway/echo-child.js')] };
const daemon = await startRingmaster({ echo }, [`--max-old-space-size=${values.heap}`]);
const note = (line: string): void => void process.stdout.write(`${line}\n`);

function memoryMib(): number {
  return memoryBytes(daemon.pid) / 1_048_576;
}

/** Runs a tenth of the work at a time; true when memory stayed as it was. */
async function soak(name: string, total: number, work: (count: number) => Promise<number>) {
  const seen = [memoryMib()];
  let done = 0;
  for (let mark = 1; mark <= marks; mark += 1) {
    done += await work(Math.ceil((total * mark) / marks) - done);
    seen.push(memoryMib());
  }
  const grownMib = (seen.at(-1) ?? 0) - (seen[marks / 2] ?? 0);
  const isFlat = grownMib <= growthMaxMib;
  note(`${done} ${name}: ${seen.map((mib) => mib.toFixed(0)).join(' ')} MiB`);
  note(`  second half: ${grownMib.toFixed(1)} MiB, ${isFlat ? 'flat' : 'NOT flat'}`);
  return isFlat;
}

async function openSessions(pool: Pool, path: string, count: number): Promise<number> {
  const clientInfo = { name: 'soak', version: '1.0.0' };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  const accept = 'application/json, text/event-stream';
  const headers = { 'content-type': 'application/json', accept };
  let left = count;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const response = await pool.request({ path, method: 'POST', headers, body });
      await response.body.text();
      if (response.statusCode !== 200) throw new Error(`A session got ${response.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return count;
}

try {
  let isGood = true;
  for (const era of ['legacy', 'modern'] as const) {
    const load = await createLoad(daemon.url, era, inFlight);
    const calls = await soak(`calls, ${era}`, Number(values.calls) / 2, async (count) => {
      let made = 0;
      while (made < count) made += (await load.run(sliceMs)).calls;
      return made;
    });
    await load.close();
    isGood = calls && isGood;
  }
  const { origin, pathname } = new URL(daemon.url);
  const pool = new Pool(origin, { connections: inFlight });
  const sessions = await soak('sessions that never say goodbye', Number(values.sessions), (count) =>
    openSessions(pool, pathname, count),
  );
  await pool.close();
  if (!(isGood && sessions)) process.exitCode = 1;
} finally {
  await daemon.stop();
}
