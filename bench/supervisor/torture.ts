/** The tortures of `tests/torture` at full size, as a table; the arguments are those of its `run.ts`. */
import { inRoot } from '../processes.ts';

await import(inRoot('tests/dist/torture/run.js'));
