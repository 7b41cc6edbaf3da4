import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

test('eight clients with the same request ids each get their own answers', async () => {
  await using home = createHome({ servers: { echo: entry('echo'), dual: entry('dual') } });
  const daemon = await home.up();
  const clients = await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      at % 2 === 0 ? daemon.legacy('/servers/echo/mcp') : daemon.modern('/servers/dual/mcp'),
    ),
  );
  const ids = Array.from({ length: 50 }, (_, at) => at + 1);
  const answers = await Promise.all(
    clients.flatMap((client, owner) =>
      ids.map(async (id) => {
        const params = { name: 'slow', arguments: { ms: (id * 7) % 20, text: `${owner}:${id}` } };
        return {
          expected: `${owner}:${id}`,
          id,
          answer: await client.request('tools/call', params, id),
        };
      }),
    ),
  );
  assert.equal(answers.length, 400);
  for (const { expected, id, answer } of answers) {
    assert.equal(answer.id, id);
    assert.match(JSON.stringify(answer.result), new RegExp(`"${expected}"`));
  }
});

test('equal tool names are prefixed for the second server only', async () => {
  await using home = createHome({
    servers: {
      one: entry('collide', ['--name', 'one', '--tools', 'shared,only_one']),
      two: entry('collide', ['--name', 'two', '--tools', 'shared,only_two']),
    },
  });
  const daemon = await home.up();
  const client = await daemon.legacy();
  const names = await client.toolNames();
  assert.deepEqual(names, ['shared', 'only_one', 'two__shared', 'only_two']);
  assert.equal(await client.call('shared'), 'one:shared');
  assert.equal(await client.call('two__shared'), 'two:shared');
  const own = await daemon.legacy('/servers/two/mcp');
  assert.deepEqual(await own.toolNames(), ['shared', 'only_two']);
});

for (const name of ['noisy', 'garbage'])
  test(`a ${name} server costs no call its answer`, async () => {
    await using home = createHome({ servers: { odd: entry(name) } });
    const daemon = await home.up();
    const client = await daemon.legacy();
    const tools = name === 'garbage' ? ['half', 'wrong_id', 'duplicate', 'late'] : ['echo'];
    for (const tool of tools) assert.equal(await client.call(tool, { text: tool }), tool);
    for (let value = 0; value < 20; value += 1)
      assert.equal(await client.call('add', { a: value, b: 1 }), String(value + 1));
  });

test('ten million bytes come through unharmed', async () => {
  await using home = createHome({ servers: { huge: entry('huge') } });
  const daemon = await home.up();
  const client = await daemon.legacy();
  assert.equal((await client.call('huge')).length, 10_000_000);
});

test('a call waits for a server that is still starting', async () => {
  await using home = createHome({ servers: { slow: entry('slow-start', ['--ms', '1000']) } });
  const daemon = await home.up('answers');
  const client = await daemon.legacy('/servers/slow/mcp');
  assert.equal(await client.call('add', { a: 1, b: 2 }), '3');
});

test('a server that floods stderr neither blocks nor grows without end', async () => {
  await using home = createHome({
    servers: { flood: entry('flood', [], { logs: { maxSizeBytes: 200_000, keep: 2 } }) },
  });
  const daemon = await home.up();
  const client = await daemon.legacy();
  const written = Number(await client.call('written'));
  await waitFor('more lines', async () => Number(await client.call('written')) > written + 20_000);
  const { existsSync, readdirSync, statSync } = await import('node:fs');
  const folder = `${home.dataDir}/logs/flood`;
  // The first lines wait in the pipe until the thread that writes logs has begun.
  await waitFor('its log', () => existsSync(folder));
  const logs = readdirSync(folder).filter((name) => /\.log(\.gz)?$/.test(name));
  // A file that was rotated away since its name was read has no size any more.
  const sizes = logs.flatMap((name) => {
    const size = statSync(`${folder}/${name}`, { throwIfNoEntry: false })?.size;
    return size === undefined ? [] : [size];
  });
  assert.ok(sizes.length <= 4, `${sizes.length} files`);
  for (const size of sizes) assert.ok(size < 1_000_000, `${size} bytes in one file`);
});

test('HTTP servers of both eras are served like the others', async () => {
  const url = `http://127.0.0.1:\${PORT}/mcp`;
  await using home = createHome({
    servers: {
      old: entry('http-echo', ['--forget', '3'], { url, port: 'auto' }),
      new: entry('http-modern', [], { url, port: 'auto' }),
    },
  });
  const daemon = await home.up();
  for (const name of ['old', 'new']) {
    const client = await daemon.legacy(`/servers/${name}/mcp`);
    for (let value = 0; value < 8; value += 1)
      assert.equal(await client.call('add', { a: value, b: 1 }), String(value + 1));
  }
});
