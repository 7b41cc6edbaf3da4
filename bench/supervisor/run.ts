/**
 * `npm run bench:supervisor`: fifty servers beside a floor; with `--cold`, a start until its first server beside an empty
 * Node; with `--peers`, Ringmaster beside other process managers.
 */
if (process.argv.includes('--peers')) await import('./peers/run.ts');
else if (process.argv.includes('--cold')) await import('./cold.ts');
else await import('./fifty.ts');
