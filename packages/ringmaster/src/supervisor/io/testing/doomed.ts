/** A process that supervises, says what it runs, and waits to be killed: `node doomed.js DATA_DIR SERVERS_JSON`. */
import { readRunRecord } from '../state-file.ts';
import { isGuarded } from './guarded.ts';
import { fleetOf, supervise } from './supervise.ts';

const [dataDir = '', servers = '{}'] = process.argv.slice(2);
const world = supervise({ dataDir });
const fleet = fleetOf(JSON.parse(servers));
await world.begin(fleet);
const inputs = world.supervisor.views().filter(({ kind, pid }) => kind === 'stdio' && pid).length;
// What is not on record yet is not taken up: it was not to be known how far its conversation had come.
const onRecord = () =>
  readRunRecord(dataDir)?.instances.filter(({ negotiated }) => negotiated) ?? [];
await world.until(() => onRecord().length === inputs && isGuarded(dataDir, inputs), 'guarded');
process.stdout.write(`${JSON.stringify(world.supervisor.views())}\n`);
setInterval(() => {}, 60_000);
