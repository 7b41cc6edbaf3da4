/**
 * What the daemon shows in a browser, put into `packages/ringmaster/web/`, compressed beforehand: the dashboard (`app/`)
 * and the interactive page of the REST door (`docs/`). Nothing there comes from, or asks, another address.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { inRoot } from './shell.mjs';

const web = 'packages/ringmaster/web';
const swagger = 'node_modules/@fastify/swagger-ui';
/** The page needs these three; the rest of the package is for other ways of using it. */
const swaggerFiles = ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png'];

/** Writes both; the types of the dashboard have been checked by then. */
export async function buildWeb() {
  buildDocs();
  await buildApp();
}

/** Loaded only here: who has not installed yet has no Vite. */
async function buildApp() {
  const [{ build }, { default: react }] = await Promise.all([
    import('vite'),
    import('@vitejs/plugin-react'),
  ]);
  await build({
    root: inRoot('packages/dashboard'),
    configFile: false,
    logLevel: 'warn',
    plugins: [react()],
    build: {
      outDir: inRoot(`${web}/app`),
      emptyOutDir: true,
      target: 'es2023',
      // Small files would become data: addresses, which the page's own policy forbids for scripts and fonts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
  compress(`${web}/app`);
}

/** Fonts and pictures are compressed already. */
function compress(folder) {
  for (const name of readdirSync(inRoot(folder))) {
    const path = `${folder}/${name}`;
    if (statSync(inRoot(path)).isDirectory()) compress(path);
    else if (/\.(js|css|svg|html)$/.test(name)) {
      writeFileSync(inRoot(`${path}.gz`), gzipSync(readFileSync(inRoot(path)), { level: 9 }));
    }
  }
}

function buildDocs() {
  const folder = `${web}/docs`;
  rmSync(inRoot(folder), { recursive: true, force: true });
  mkdirSync(inRoot(folder), { recursive: true });
  for (const name of swaggerFiles) {
    put(`${folder}/${name}`, readFileSync(inRoot(`${swagger}/static/${name}`)));
  }
  put(`${folder}/LICENSE`, readFileSync(inRoot(`${swagger}/LICENSE`)));
  for (const [name, text] of Object.entries(docsPage)) put(`${folder}/${name}`, Buffer.from(text));
}

function put(path, bytes) {
  writeFileSync(inRoot(path), bytes);
  if (bytes.length > 1_000) writeFileSync(inRoot(`${path}.gz`), gzipSync(bytes, { level: 9 }));
}

const docsPage = {
  'index.html': `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Ringmaster API</title>
<link rel="icon" href="favicon-32x32.png">
<link rel="stylesheet" href="swagger-ui.css">
<style>.swagger-ui a { overflow-wrap: anywhere; }</style>
</head>
<body>
<div id="docs"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</body>
</html>
`,
  'start.js': `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  filter: true,
  validatorUrl: null,
  displayRequestDuration: true,
  requestInterceptor(request) {
    // An empty body still says what it is: without that the daemon takes it for a foreign page's.
    if (request.method === 'POST') request.headers['Content-Type'] = 'application/json';
    return request;
  },
});
`,
};
