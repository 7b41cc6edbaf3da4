import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createHome } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';
import type { Torture } from './torture.ts';

const lineBytes = 120;

/** A service that prints as fast as it can while its log rotates: every line is there, whole, once, in order. */
export const logFlood: Torture = {
  name: 'a flood of lines over many rotations',
  async run(size) {
    const lines = size === 'full' ? 2_000_000 : 60_000;
    const maxSizeBytes = size === 'full' ? 10_000_000 : 1_000_000;
    const script =
      `const{writeSync}=require('fs');for(let i=0;i<${lines};i++){` +
      `const b=Buffer.from(String(i).padStart(10,'0')+' '+'x'.repeat(${lineBytes - 12})+'\\n');` +
      'for(let f=0;f<b.length;)try{f+=writeSync(2,b,f)}catch(e){if(e.code!=="EAGAIN")throw e}}' +
      'setInterval(()=>{},1e6)';
    await using home = createHome({
      servers: {
        flood: {
          ...{ kind: 'service', command: process.execPath, args: ['-e', script] },
          logs: { maxSizeBytes, keep: 1_000 },
        },
      },
    });
    const daemon = await home.up('answers');
    const folder = join(home.dataDir, 'logs', 'flood');
    const lastLine = String(lines - 1).padStart(10, '0');
    await waitFor(
      'the last line',
      async () => (await home.run('logs', 'flood', '--lines', '1')).stdout.includes(lastLine),
      600_000,
    );
    await daemon.stop();
    const seen = countLines(folder, lines);
    return [
      {
        target: '0 lines lost',
        measured: `${lines - seen.whole} of ${lines}`,
        isMet: seen.whole === lines,
      },
      {
        target: '0 lines cut, doubled or strange',
        measured: String(seen.strange),
        isMet: seen.strange === 0,
      },
      {
        target: `no file above ${maxSizeBytes / 1e6} MB and a line`,
        measured: `${seen.files} files, largest ${(seen.largestBytes / 1e6).toFixed(3)} MB`,
        isMet: seen.largestBytes <= maxSizeBytes + lineBytes && seen.files > 3,
      },
    ];
  },
};

function countLines(folder: string, lines: number) {
  const isSeen = new Uint8Array(lines);
  let [whole, strange, files, largestBytes] = [0, 0, 0, 0];
  for (const name of readdirSync(folder).filter((one) => /\.log(\.gz)?$/.test(one))) {
    const bytes = readFileSync(join(folder, name));
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
    files += 1;
    largestBytes = Math.max(largestBytes, text.length);
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const number = Number(line.slice(0, 10));
      if (line.length !== lineBytes - 1 || isSeen[number] !== 0) strange += 1;
      else {
        isSeen[number] = 1;
        whole += 1;
      }
    }
  }
  return { whole, strange, files, largestBytes };
}
