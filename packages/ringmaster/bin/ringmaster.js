#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/doors/cli/main.js', import.meta.url);
if (existsSync(built)) await import(built.href);
else {
  process.stderr.write('ringmaster: not built yet. Run `npm start` in the project folder once.\n');
  process.exitCode = 64;
}
