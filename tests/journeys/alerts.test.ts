import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Row {
  readonly key: string;
  readonly severity: string;
  readonly state: string;
  readonly isSilenced: boolean;
  readonly acknowledged?: { readonly by: string; readonly note: string };
  readonly ladder: readonly { readonly state: string }[];
}
interface Listed {
  readonly verdict: { readonly en: string };
  readonly alerts: readonly Row[];
  readonly pending: readonly { readonly key: string; readonly sinceMs: number }[];
  readonly notifiers: readonly { readonly notifier: string; readonly failing?: object }[];
  readonly silences: readonly { readonly id: string }[];
  readonly history: readonly { readonly kind: string; readonly subject: string }[];
}
interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of webhooks that answers as `answer` says; undefined: never. */
async function createSink(answer: () => number | undefined) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      const status = answer();
      if (status !== undefined) response.writeHead(status).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret`,
    alertsIn: () =>
      received.flatMap(
        ({ body }) => (JSON.parse(body) as { alerts: { key: string; about: string }[] }).alerts,
      ),
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A folder in PATH with a notify-send that writes down what it is to show; there is no desktop here. */
function createDesktop() {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-desktop-'));
  const out = join(folder, 'shown');
  writeFileSync(join(folder, 'notify-send'), `#!/bin/sh\nprintf '%s\\n' "$@" > '${out}'\n`, {
    mode: 0o755,
  });
  return {
    path: `${folder}${delimiter}${process.env['PATH']}`,
    shown: () => readFileSync(out, 'utf8'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A receiver of syslog over UDP. */
async function createLogReceiver() {
  const lines: string[] = [];
  const socket = createSocket('udp4').on('message', (bytes) => lines.push(bytes.toString()));
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  return {
    url: `udp://127.0.0.1:${socket.address().port}`,
    received: () => lines,
    [Symbol.dispose]: () => void socket.close(),
  };
}

const servers = { echo: entry('echo'), broken: entry('crash', ['--at-once']) };

test('a server that fails is told once, over a killed daemon too, signed and without secrets', async () => {
  covers('alert.list', 'alert.acknowledge', 'alert.unacknowledge', 'fleet.verdict');
  covers('alert.history');
  using good = await createSink(() => 200);
  let isDown = true;
  using flaky = await createSink(() => (isDown ? 503 : 204));
  using silent = await createSink(() => undefined);
  await using home = createHome(
    {
      servers,
      alerts: {
        notifiers: {
          good: { kind: 'webhook', url: '${GOOD_URL}', secret: '${HOOK_SECRET}' },
          flaky: { kind: 'webhook', url: flaky.url },
          silent: { kind: 'discord', url: silent.url },
        },
        memoryBytes: false,
        ...{ cpuPercent: false, memoryPercent: false, diskPercent: false },
      },
    },
    { GOOD_URL: good.url, HOOK_SECRET: 'sesame' },
  );
  const daemon = await home.up('answers');
  const isCritical = async (from: typeof daemon) => {
    const { alerts } = await from.api<Listed>('/alerts');
    return alerts.find(({ key, severity }) => key === 'down/broken' && severity === 'critical');
  };
  await waitFor('the alert', () => isCritical(daemon));
  await waitFor('the good receiver', () => good.received.length > 0);
  await waitFor('the attempt at the one that is down', () => flaky.received.length > 0);
  const first = good.received[0];
  const timestamp = String(first?.headers['x-ringmaster-timestamp']);
  const mac = createHmac('sha256', 'sesame').update(`${timestamp}.${first?.body}`).digest('hex');
  assert.equal(first?.headers['x-ringmaster-signature'], `v1=${mac}`);

  await daemon.kill();
  const fired = good.alertsIn().filter(({ about }) => about === 'firing').length;
  assert.equal(fired, 1);
  isDown = false;
  const next = await home.up('answers');
  await waitFor(
    'the one that was down',
    () => flaky.alertsIn().some(({ key }) => key === 'down/broken') && flaky.received.length > 1,
  );
  await waitFor('the alert of the earlier life', () => isCritical(next));
  const told = good.alertsIn().filter(({ about }) => about === 'firing');
  assert.equal(told.length, 1, JSON.stringify(told));

  const reasons = async () => {
    const told = await next.api<{ reasons: { server: string }[] }>('/fleet/verdict');
    return told.reasons.map(({ server }) => server).join();
  };
  await waitFor('the verdict', async () => (await reasons()) === 'broken');
  const shown = await home.run('alerts');
  assert.equal(shown.code, 1, shown.stderr);
  assert.match(shown.stdout, /critical +down\/broken/);
  const taken = await home.json<Row>('alerts', 'ack', 'down/broken', '--note', 'on it');
  assert.equal(taken.acknowledged?.note, 'on it');
  assert.equal((await home.run('alerts')).code, 0);
  assert.equal((await home.run('alerts', 'ack', 'down/nobody')).code, 1);
  // One of the three never answers, which is known after ten seconds.
  const isKnown = ({ alerts }: Listed) =>
    alerts.some(({ ladder }) => ladder[0]?.state === 'failed');
  await waitFor('the failure', async () => isKnown(await next.api<Listed>('/alerts')));
  const known = await next.api<Listed>('/alerts');
  assert.match(known.verdict.en, /has an owner/);
  const standing = Object.fromEntries(
    known.notifiers.map(({ notifier, failing }) => [notifier, failing === undefined]),
  );
  assert.deepEqual(standing, { good: true, flaky: true, silent: false });
  const back = await home.json<Row>('alerts', 'unack', 'down/broken');
  assert.equal(back.acknowledged, undefined);
  assert.equal((await home.run('alerts')).code, 1);
  const week = await home.run('alerts', 'history', '7d');
  assert.match(week.stdout, /broken +down +1 /);
  assert.equal((await home.run('alerts', 'history', 'long')).code, 64);
  const past = await home.json<Listed>('alerts', '--history');
  const kinds = new Set(past.history.map(({ kind }) => kind));
  for (const kind of ['alert.fired', 'alert.notified', 'alert.notifyFailed', 'alert.acknowledged'])
    assert.ok(kinds.has(kind), kind);
  const everything = JSON.stringify(await next.api('/events?limit=1000')) + next.output();
  assert.doesNotMatch(everything, /sesame|s3cret/);
});

test('alerts are silenced for a while; notifiers are tested; rules are shown', async () => {
  covers('alert.silence', 'alert.unsilence', 'alert.test', 'alert.rules');
  using sink = await createSink(() => 200);
  using desktop = createDesktop();
  using log = await createLogReceiver();
  await using home = createHome({ servers: {} }, { PATH: desktop.path });
  const out = join(home.folder, 'told.json');
  const script = `process.stdin.pipe(require('fs').createWriteStream(${JSON.stringify(out)}))`;
  home.write({
    servers: { echo: entry('echo') },
    metrics: { sampleMs: 1_000 },
    alerts: {
      language: 'ja',
      cpuPercent: { warning: 0 },
      minSamples: 1,
      notifiers: {
        chat: { kind: 'slack', url: sink.url },
        program: { kind: 'exec', command: process.execPath, args: ['-e', script] },
        desktop: { kind: 'desktop' },
        log: { kind: 'syslog', url: log.url },
        unset: { kind: 'webhook', url: '${NOBODY_SET_THIS}' },
      },
      least: 'critical',
    },
  });
  const daemon = await home.up('ready');
  const tested = await home.run('alerts', 'test');
  assert.equal(tested.code, 1);
  assert.match(tested.stdout, /chat: arrived\n/);
  assert.match(tested.stdout, /program: arrived\n/);
  assert.match(tested.stdout, /unset: failed: found no value for NOBODY_SET_THIS/);
  assert.match(tested.stdout, /desktop: arrived\n/);
  assert.match(tested.stdout, /log: arrived\n/);
  assert.match(desktop.shown(), /--urgency=low\n--\nRingmaster – journey\n\[情報\] テスト/);
  assert.match(log.received()[0] ?? '', /^<29>1 \S+ \S+ ringmaster \d+ cpuPercent - \uFEFFjourney/);
  assert.match(sink.received[0]?.body ?? '', /テスト/);
  assert.match(readFileSync(out, 'utf8'), /"about":"test"/);
  assert.equal((await home.run('alerts', 'test', 'nobody')).code, 1);

  const listed = () => daemon.api<Listed>('/alerts');
  await waitFor('the alert', async () =>
    (await listed()).alerts.some(({ key }) => key === 'cpuPercent/machine'),
  );
  const made = await home.json<{ id: string }>('alerts', 'silence', 'machine', '--for', '2h');
  assert.equal((await listed()).alerts[0]?.isSilenced, true);
  await daemon.kill();
  const next = await home.up('answers');
  assert.equal((await next.api<Listed>('/alerts')).silences[0]?.id, made.id);
  assert.equal((await home.run('alerts', 'unsilence', made.id)).code, 0);
  assert.equal((await next.api<Listed>('/alerts')).silences.length, 0);
  assert.equal((await home.run('alerts', 'silence', '--for', 'soon')).code, 64);
  const rules = await home.run('alerts', 'rules', '--lang', 'ja');
  assert.match(rules.stdout, /cpuPercent/);
  assert.match(rules.stdout, /chat \(slack\)/);
  assert.match(rules.stdout, /memoryBytes .*警告 400 MB, 緊急 512 MB/);
  assert.doesNotMatch(rules.stdout, /[{}]/, 'a rule is shown with holes in it');
});

test('what is over its threshold is pending before it fires, and a profile gives the thresholds', async () => {
  await using home = createHome({
    servers: {},
    metrics: { sampleMs: 1_000 },
    alerts: { profile: 'circus', cpuPercent: { warning: 0 }, minSamples: 1_000 },
  });
  const daemon = await home.up('answers');
  const soon = await waitFor('what is pending', async () =>
    (await daemon.api<Listed>('/alerts')).pending.find(({ key }) => key === 'cpuPercent/machine'),
  );
  assert.ok(soon.sinceMs > 0);
  const shown = await home.run('alerts');
  assert.equal(shown.code, 0, 'nothing fires yet');
  assert.match(shown.stdout, /warning +cpuPercent\/machine .* pending /);
  const { rules } = await daemon.api<{ rules: { rule: string; levels?: object }[] }>(
    '/alerts/rules',
  );
  assert.deepEqual(rules.find(({ rule }) => rule === 'latencyMs')?.levels, { critical: 30_000 });
});

const profiles = ['mfg-drone', 'learning-kit', 'techsapo', 'llm-generator', 'circus'];
for (const example of [...profiles.map((name) => `profiles/${name}`), 'load/high', 'load/low']) {
  test(`examples/${example}.yaml is a valid fleet file`, async () => {
    await using home = createHome({ servers: {} });
    const file = new URL(`../../../examples/${example}.yaml`, import.meta.url);
    const { code, stderr } = await home.run('validate', fileURLToPath(file));
    assert.equal(code, 0, stderr);
  });
}
