import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

const examples = fileURLToPath(new URL('../../../examples/observability/', import.meta.url));
/** On Debian it is installed with what the tests need. */
const needsPromtool = {
  skip: process.platform === 'linux' ? false : 'needs promtool of the Debian package prometheus',
};
const sampleMs = 1_000;

function promtool(args: readonly string[], input = '') {
  const done = spawnSync('promtool', args, { cwd: examples, input, encoding: 'utf8' });
  if (done.error !== undefined) throw done.error;
  return { code: done.status, text: `${done.stdout}${done.stderr}` };
}

async function scrape(daemon: Daemon): Promise<string> {
  const response = await fetch(`${daemon.origin}/metrics`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  return response.text();
}

/** The figure at a series, as the text has it. */
function figure(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

test(
  'Prometheus reads what happened, in text that promtool finds no fault with',
  needsPromtool,
  async () => {
    await using home = createHome({ servers: { echo: entry('echo') }, metrics: { sampleMs } });
    const daemon = await home.up();
    const client = await daemon.legacy('/servers/echo/mcp');
    for (let call = 0; call < 3; call += 1) await client.call('add', { a: 1, b: call });
    const unknown = await client.request('tools/call', { name: 'no-such-tool' });
    assert.ok(unknown.error !== undefined || unknown.result?.['isError'] === true);
    const text = await waitFor('a sample of the server', async () => {
      const read = await scrape(daemon);
      return figure(read, 'ringmaster_server_memory_bytes{server="echo"}') !== undefined && read;
    });

    assert.deepEqual(promtool(['check', 'metrics'], text), { code: 0, text: '' });
    const calls = figure(text, 'ringmaster_calls_total{server="echo",outcome="ok"}') ?? 0;
    assert.equal(calls, 3);
    assert.equal(figure(text, 'ringmaster_calls_total{server="echo",outcome="lost"}'), 0);
    const all = figure(text, 'ringmaster_call_duration_seconds_count{server="echo"}') ?? 0;
    assert.ok(all >= calls);
    assert.equal(
      figure(text, 'ringmaster_call_duration_seconds_bucket{server="echo",le="+Inf"}'),
      all,
    );
    assert.equal(figure(text, 'ringmaster_server_state{server="echo",state="ready"}'), 1);
    assert.equal(figure(text, 'ringmaster_server_state{server="echo",state="failed"}'), 0);
    assert.equal(figure(text, 'ringmaster_sessions'), 1);
  },
);

test('a death is counted, and the fleet file turns the page off', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const [server] = home.servers('echo');
  assert.ok(server !== undefined);
  process.kill(server.pid, 'SIGKILL');
  await waitFor('the death to be counted', async () => {
    const text = await scrape(daemon);
    return (
      figure(text, 'ringmaster_server_deaths_total{server="echo"}') === 1 &&
      figure(text, 'ringmaster_server_restarts_total{server="echo"}') === 1
    );
  });
  home.write({ servers: { echo: entry('echo') }, metrics: { prometheus: false } });
  await waitFor('the page to be gone', async () => {
    const response = await fetch(`${daemon.origin}/metrics`);
    return response.status === 404 && /metrics\.prometheus/.test(await response.text());
  });
});

test(
  'promtool accepts the example rules, and they say what they should of made-up figures',
  needsPromtool,
  () => {
    for (const args of [
      ['check', 'config', 'prometheus.yaml'],
      ['test', 'rules', 'rules-test.yaml'],
    ]) {
      const { code, text } = promtool(args);
      assert.equal(code, 0, text);
    }
  },
);
