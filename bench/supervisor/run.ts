/**
 * `npm run bench:supervisor`: fifty servers beside a floor; with `--cold`, a start until its first server beside an empty
 * Node; with `--sampling`, one look at fifty processes; with `--peers`, Ringmaster beside other process managers.
 */
if (process.argv.includes('--peers')) await import('./peers/run.ts');
else if (process.argv.includes('--cold')) await import('./cold.ts');
else if (process.argv.includes('--sampling')) await import('./sampling.ts');
else await import('./fifty.ts');
