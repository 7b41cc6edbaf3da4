/** What is made of compiled files: the bundle that the command starts, and what a browser shows. */
import { buildBundle, bundleFolder } from './bundle.mjs';
import { makeCodeCache } from './code-cache.mjs';
import { buildWeb } from './web.mjs';
import { say } from './words.mjs';

await buildBundle();
await buildWeb();
if (!(await makeCodeCache(bundleFolder))) say('noCodeCache');
