/** What is made of compiled files: the bundle that the command starts, and what a browser shows. */
import { buildBundle } from './bundle.mjs';
import { buildWeb } from './web.mjs';

await buildBundle();
await buildWeb();
