/** `npm run bench:supervisor`: fifty servers beside a floor; with `--peers`, Ringmaster beside other process managers. */
const isBesidePeers = process.argv.includes('--peers');
await (isBesidePeers ? import('./peers/run.ts') : import('./fifty.ts'));
