/**
 * What the daemon holds after many calls and many sessions, with a heap too small for what leaks: memory is read at ten
 * marks, and what it grew by over the second half is the verdict. Writes `docs/reference/gateway-soak.md`.
 * `--calls N --sessions N --heap MiB`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inRoot, memoryBytes, startRingmaster } from '../processes.ts';
import { createLoad } from './load.ts';
import { openSessions } from './sessions.ts';

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
/** What each session may hold beside that, as long as it is open, and nobody says goodbye here. */
const sessionMaxBytes = 8_192;

const echo = { command: process.execPath, args: [inRoot('bench/dist/gateway/echo-child.js')] };
const daemon = await startRingmaster({ echo }, [`--max-old-space-size=${values.heap}`]);
const page: string[] = [];
const note = (line = ''): void => {
  page.push(line);
  process.stdout.write(`${line}\n`);
};

function memoryMib(): number {
  return memoryBytes(daemon.pid) / 1_048_576;
}

/** Runs a tenth of the work at a time; true when memory stayed as it was. */
async function soak(
  name: string,
  { total, heldBytes }: { readonly total: number; readonly heldBytes: number },
  work: (count: number) => Promise<number>,
) {
  const seen = [memoryMib()];
  let done = 0;
  for (let mark = 1; mark <= marks; mark += 1) {
    done += await work(Math.ceil((total * mark) / marks) - done);
    seen.push(memoryMib());
  }
  const grownMib = (seen.at(-1) ?? 0) - (seen[marks / 2] ?? 0);
  const isFlat = grownMib <= growthMaxMib + (total * heldBytes) / 2 / 1_048_576;
  const cells = seen.map((mib) => mib.toFixed(0)).join(' | ');
  note(`| ${done} ${name} | ${cells} | ${grownMib.toFixed(1)}, ${isFlat ? 'flat' : 'NOT flat'} |`);
  return isFlat;
}

try {
  let isGood = true;
  note('# Memory of the daemon under load\n');
  note('<!-- Measured by `npm run bench:soak`. Do not edit. -->\n');
  note(
    `Node ${process.versions.node}, --max-old-space-size=${values.heap}, ${inFlight} in flight.`,
  );
  note(
    `Resident MiB at each tenth of the work; flat: at most ${growthMaxMib} more in the second half,`,
  );
  note(`besides ${sessionMaxBytes} bytes for each session that is open.\n`);
  note(
    `| | ${Array.from({ length: marks + 1 }, (_, at) => `${at * 10} %`).join(' | ')} | second half |`,
  );
  note(`|---|${'---|'.repeat(marks + 2)}`);
  for (const era of ['legacy', 'modern'] as const) {
    const load = await createLoad(daemon.url, era, inFlight);
    const calls = await soak(
      `calls, ${era}`,
      { total: Number(values.calls) / 2, heldBytes: 0 },
      async (count) => {
        let made = 0;
        while (made < count) made += (await load.run(sliceMs)).calls;
        return made;
      },
    );
    await load.close();
    isGood = calls && isGood;
  }
  const sessions = await soak(
    'sessions that never say goodbye',
    { total: Number(values.sessions), heldBytes: sessionMaxBytes },
    async (count) => {
      await openSessions(daemon.url, count);
      return count;
    },
  );
  if (!(isGood && sessions)) process.exitCode = 1;
  writeFileSync(inRoot('docs/reference/gateway-soak.md'), `${page.join('\n')}\n`);
} finally {
  await daemon.stop();
}
