import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness, testServer } from './testing/harness.ts';
import { askModern, type Message, openSession } from './testing/raw-client.ts';

/** Two servers with a page of the same name for a tool of the same name (MCP Apps). */
let harness: Harness;

before(async () => {
  harness = await startHarness({
    servers: {
      left: testServer('apps', '--name', 'left'),
      right: testServer('apps', '--name', 'right'),
    },
  });
});
after(() => harness.close());

type Ask = (method: string, params?: object) => Promise<Message>;
const ways: Readonly<Record<string, (url: string) => Promise<Ask>>> = {
  'of 2026-07-28': async (url) => async (method, params) =>
    (await askModern(url, method, { ...params })).messages[0].result,
  'with a session': async (url) => {
    const client = await openSession(url, '2025-11-25');
    return async (method, params) => (await client.ask(method, params)).result;
  },
};

for (const [who, open] of Object.entries(ways)) {
  test(`a client ${who} finds by each tool the page of its own server, with what that page may load`, async () => {
    const ask = await open(harness.url);
    const { tools } = await ask('tools/list', {});
    const seen: string[] = [];
    for (const { name, _meta: meta } of tools) {
      const uri = meta.ui.resourceUri;
      assert.deepEqual(meta, { ui: { ...meta.ui, resourceUri: uri }, 'ui/resourceUri': uri });
      assert.deepEqual(meta.ui.visibility, ['model', 'app']);
      const [said] = (await ask('tools/call', { name, arguments: {} })).content;
      const [page] = (await ask('resources/read', { uri })).contents;
      const server = said.text.split(':')[0];
      assert.equal(page.uri, uri);
      assert.equal(page.text, `<p>${server}</p>`);
      assert.equal(page.mimeType, 'text/html;profile=mcp-app');
      assert.deepEqual(page._meta.ui.csp, { connectDomains: [`https://${server}.example`] });
      seen.push(server);
    }
    assert.deepEqual(seen.sort(), ['left', 'right']);
  });

  test(`a client ${who} sees the names of one server untouched at its own endpoint`, async () => {
    const ask = await open(harness.url.replace('/mcp', '/servers/right/mcp'));
    const { tools } = await ask('tools/list', {});
    assert.equal(tools[0].name, 'board');
    assert.equal(tools[0]._meta.ui.resourceUri, 'ui://board/main.html');
    const [page] = (await ask('resources/read', { uri: 'ui://board/main.html' })).contents;
    assert.equal(page.text, '<p>right</p>');
  });
}
