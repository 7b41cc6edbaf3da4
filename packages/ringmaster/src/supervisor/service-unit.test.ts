import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { planService } from './service-plan.ts';
import { launchdPlist, type ServiceWish, systemdUnit } from './service-unit.ts';

const wish: ServiceWish = {
  fleet: 'demo',
  scope: 'user',
  command: ['/usr/bin/env', 'true', '--file', '/h/me/my "100%" $fleet/ringmaster.yaml'],
  workingDir: '/tmp',
  searchPath: '/usr/local/bin:/usr/bin',
  user: undefined,
  stopMaxMs: 45_500,
  logFile: '/h/me/state/logs/daemon.log',
};
const place = {
  platform: 'linux',
  homeDir: '/h/me',
  configDir: '/h/me/.config',
  userId: 501,
} as const;

test('a unit starts the daemon with whole paths, restarts it for ever and leaves its servers alone', () => {
  const lines = systemdUnit(wish).split('\n');
  for (const line of [
    'ExecStart="/usr/bin/env" "true" "--file" "/h/me/my \\"100%%\\" $$fleet/ringmaster.yaml"',
    'WorkingDirectory=/tmp',
    'Environment="PATH=/usr/local/bin:/usr/bin"',
    'Restart=always',
    'RestartPreventExitStatus=0',
    'StartLimitIntervalSec=0',
    'RestartSec=2',
    'TasksMax=infinity',
    'KillMode=process',
    'Delegate=yes',
    'DelegateSubgroup=daemon',
    'TimeoutStopSec=46',
    'WantedBy=default.target',
  ]) {
    assert.ok(lines.includes(line), `${line} is not in\n${lines.join('\n')}`);
  }
  assert.ok(!lines.some((line) => line.startsWith('User=')));
});

test('a unit of the machine waits for the network and runs as the person who is named', () => {
  const text = systemdUnit({ ...wish, scope: 'system', user: 'ada' });
  assert.match(text, /^User=ada$/m);
  assert.match(text, /^After=network-online\.target$/m);
  assert.match(text, /^WantedBy=multi-user\.target$/m);
});

const analyze = spawnSync('systemd-analyze', ['--version']);
const skip = analyze.status === 0 ? false : 'systemd-analyze is not here';

for (const scope of ['user', 'system'] as const) {
  test(`systemd finds no fault with the ${scope} unit`, { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringmaster-unit-'));
    try {
      const file = join(folder, 'ringmaster-demo.service');
      const verify = () => spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
      const text = systemdUnit({ ...wish, scope, user: 'root' });
      writeFileSync(file, text);
      const fine = verify();
      assert.equal(fine.status, 0, fine.stderr);
      // A systemd before 254 says that it ignores the key it does not know (decisions/0020).
      const newer = /^.*Unknown key 'DelegateSubgroup'.*\n/gm;
      const faults = fine.stderr.replaceAll(newer, '');
      assert.doesNotMatch(faults, /ringmaster-demo/);
      // The check itself must be able to find something.
      writeFileSync(file, text.replace('KillMode=process', 'KillMode=nonsense'));
      assert.match(verify().stderr, /KillMode|nonsense/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test('a property list says the same for launchd, its texts escaped', () => {
  const text = launchdPlist({ ...wish, scope: 'system', user: 'ada', workingDir: '/a & <b>' });
  for (const part of [
    '<key>Label</key><string>ringmaster.demo</string>',
    '<array><string>/usr/bin/env</string><string>true</string>',
    '<key>WorkingDirectory</key><string>/a &amp; &lt;b&gt;</string>',
    '<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>',
    '<key>AbandonProcessGroup</key><true/>',
    '<key>ExitTimeOut</key><integer>46</integer>',
    '<key>UserName</key><string>ada</string>',
  ]) {
    assert.ok(text.includes(part), `${part} is not in\n${text}`);
  }
});

const places: {
  platform: 'linux' | 'darwin';
  scope: 'user' | 'system';
  file: string;
  start: string[];
}[] = [
  {
    platform: 'linux',
    scope: 'user',
    file: '/h/me/.config/systemd/user/ringmaster-demo.service',
    start: ['systemctl', '--user', 'start', 'ringmaster-demo.service'],
  },
  {
    platform: 'linux',
    scope: 'system',
    file: '/etc/systemd/system/ringmaster-demo.service',
    start: ['systemctl', 'start', 'ringmaster-demo.service'],
  },
  {
    platform: 'darwin',
    scope: 'user',
    file: '/h/me/Library/LaunchAgents/ringmaster.demo.plist',
    start: [
      'launchctl',
      'bootstrap',
      'gui/501',
      '/h/me/Library/LaunchAgents/ringmaster.demo.plist',
    ],
  },
  {
    platform: 'darwin',
    scope: 'system',
    file: '/Library/LaunchDaemons/ringmaster.demo.plist',
    start: ['launchctl', 'bootstrap', 'system', '/Library/LaunchDaemons/ringmaster.demo.plist'],
  },
];
for (const { platform, scope, file, start } of places) {
  test(`a ${scope} service of ${platform} is ${file}`, () => {
    const plan = planService({ ...wish, scope }, { ...place, platform });
    assert.equal(plan.file, file);
    assert.deepEqual(plan.start, [start]);
  });
}
