import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../../processes.ts';
import type { Peer, PeerRun, Worker } from './peer.ts';
import { places } from './places.ts';

const commandLine = ({ command, args }: Worker) => [command, ...args].join(' ');

const ringmaster: Peer = {
  name: 'ringmaster',
  version: () => 'of this checkout',
  prepare(run, workers) {
    const servers = workers.map(({ name, command, args }) => [
      name,
      { kind: 'service', command, args, env: run.environment, health: { tcp: false } },
    ]);
    const fleet = { fleet: 'bench', listen: { port: 0 }, servers: Object.fromEntries(servers) };
    writeFileSync(join(run.folder, 'fleet.json'), JSON.stringify(fleet));
  },
  begin: (run) => ourCommand(run, 'up'),
  stop: (run, worker) => ourCommand(run, 'stop', worker),
};

function ourCommand(run: PeerRun, ...words: string[]) {
  const where = ['-f', join(run.folder, 'fleet.json'), '--data-dir', join(run.folder, 'data')];
  const bin = inRoot('packages/ringmaster/bin/ringmaster.js');
  return [process.execPath, bin, ...words, ...where] as const;
}

const pm2: Peer = {
  name: 'pm2',
  version: () => versionOfPackage(join(places.pm2, '../../package.json')),
  environment: (run) => ({ PM2_HOME: join(run.folder, 'pm2') }),
  prepare(run, workers) {
    const apps = workers.map(({ name, command, args }) => ({
      ...{ name, script: command, args, interpreter: 'none', exec_mode: 'fork' },
      ...{ out_file: join(run.folder, `${name}.log`), error_file: join(run.folder, `${name}.err`) },
    }));
    writeFileSync(join(run.folder, 'ecosystem.json'), JSON.stringify({ apps }));
  },
  begin: (run, again) =>
    again
      ? [process.execPath, places.pm2, 'resurrect']
      : [process.execPath, places.pm2, 'start', join(run.folder, 'ecosystem.json')],
  stop: (_, worker) => [process.execPath, places.pm2, 'stop', worker],
  remember: () => [process.execPath, places.pm2, 'save'],
  daemon: (run) => pidIn(join(run.folder, 'pm2/pm2.pid')),
};

const supervisord: Peer = {
  name: 'supervisord',
  version: () => pythonVersion('supervisor'),
  environment: pythonEnvironment,
  prepare(run, workers, { logs }) {
    const at = (name: string) => join(run.folder, name);
    const sections = workers.map(
      (worker) =>
        `[program:${worker.name}]\ncommand=${commandLine(worker)}\n` +
        (logs ? `stdout_logfile=${at(`${worker.name}.log`)}\n` : ''),
    );
    writeFileSync(
      at('supervisord.conf'),
      `[unix_http_server]\nfile=${at('socket')}\n[supervisord]\nlogfile=${at('main.log')}\n` +
        `pidfile=${at('pid')}\nchildlogdir=${run.folder}\n[rpcinterface:supervisor]\n` +
        'supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n' +
        `[supervisorctl]\nserverurl=unix://${at('socket')}\n${sections.join('')}`,
    );
  },
  begin: (run) =>
    python('supervisor.supervisord', '-n', '-c', join(run.folder, 'supervisord.conf')),
  stop: (run, worker) =>
    python('supervisor.supervisorctl', '-c', join(run.folder, 'supervisord.conf'), 'stop', worker),
};

const circus: Peer = {
  name: 'circus',
  version: () => pythonVersion('circus'),
  environment: pythonEnvironment,
  prepare(run, workers, { logs }) {
    const sections = workers.map(
      (worker) =>
        `[watcher:${worker.name}]\ncmd = ${worker.command}\nargs = ${worker.args.join(' ')}\ncopy_env = True\n` +
        (logs
          ? `stdout_stream.class = FileStream\nstdout_stream.filename = ${join(run.folder, `${worker.name}.log`)}\n`
          : ''),
    );
    writeFileSync(
      join(run.folder, 'circus.ini'),
      `[circus]\nendpoint = tcp://127.0.0.1:${run.port}\n` +
        `pubsub_endpoint = tcp://127.0.0.1:${run.port + 1}\n${sections.join('')}`,
    );
  },
  begin: (run) => python('circus.circusd', join(run.folder, 'circus.ini')),
  stop: (run, worker) =>
    python(
      'circus.circusctl',
      ...['--endpoint', `tcp://127.0.0.1:${run.port}`, '--timeout', '60'],
      ...['stop', worker, '--waiting'],
    ),
};

const runit: Peer = {
  name: 'runit',
  version: () => debianVersion('runit'),
  environment: debianEnvironment,
  prepare(run, workers, { logs }) {
    prepareFolders(run, workers, (folder) =>
      logs ? `svlogd ${join(folder, 'log/main')}` : undefined,
    );
  },
  begin: (run) => [join(places.root, 'usr/bin/runsvdir'), '-P', join(run.folder, 'services')],
  stop: (run, worker) => [
    join(places.root, 'usr/bin/sv'),
    ...['-w', '10', 'stop', join(run.folder, 'services', worker)],
  ],
};

/** Only where it is installed: its programs look for each other in `/usr/bin`. */
const s6: Peer = {
  name: 's6',
  version: () => 'as installed',
  prepare(run, workers, { logs }) {
    prepareFolders(run, workers, (folder) =>
      logs ? `s6-log n7 ${join(folder, 'log/main')}` : undefined,
    );
  },
  begin: (run) => ['/usr/bin/s6-svscan', join(run.folder, 'services')],
  stop: (run, worker) => [
    '/usr/bin/s6-svc',
    ...['-T', '12000', '-wd', '-d', join(run.folder, 'services', worker)],
  ],
};

/** Ours first, then the peers that could be had. */
export function allPeers(): readonly Peer[] {
  const has: Readonly<Record<string, string>> = {
    pm2: places.pm2,
    supervisord: join(places.python, 'supervisor'),
    circus: join(places.python, 'circus'),
    runit: join(places.root, 'usr/bin/runsvdir'),
    s6: '/usr/bin/s6-svscan',
  };
  const peers = [pm2, supervisord, circus, runit, s6].filter(({ name }) =>
    existsSync(has[name] ?? ''),
  );
  return [ringmaster, ...peers];
}

/** A folder a worker with a `run` script, as both of these want it. */
function prepareFolders(
  run: PeerRun,
  workers: readonly Worker[],
  logger: (folder: string) => string | undefined,
): void {
  for (const worker of workers) {
    const folder = join(run.folder, 'services', worker.name);
    mkdirSync(join(folder, 'log/main'), { recursive: true });
    writeFileSync(join(folder, 'run'), `#!/bin/sh\nexec ${commandLine(worker)}\n`, { mode: 0o755 });
    const command = logger(folder);
    const script = `#!/bin/sh\nexec ${command ?? 'cat'}\n`;
    writeFileSync(join(folder, 'log/run'), script, { mode: 0o755 });
  }
}

function python(module: string, ...args: string[]) {
  return ['python3', '-m', module, ...args] as const;
}

function pythonEnvironment(): Readonly<Record<string, string>> {
  return { PYTHONPATH: places.python };
}

function debianEnvironment(): Readonly<Record<string, string>> {
  const libraries = [
    'usr/lib/x86_64-linux-gnu',
    'lib/x86_64-linux-gnu',
    'usr/lib/aarch64-linux-gnu',
  ];
  return {
    PATH: `${join(places.root, 'usr/bin')}:${process.env['PATH'] ?? ''}`,
    LD_LIBRARY_PATH: libraries.map((folder) => join(places.root, folder)).join(':'),
  };
}

function pidIn(file: string): number | undefined {
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

function versionOfPackage(file: string): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function pythonVersion(name: string): string {
  const found = readdirSync(places.python).find((one) => one.startsWith(`${name}-`));
  return found?.slice(name.length + 1).replace('.dist-info', '') ?? '?';
}

function debianVersion(name: string): string {
  const folder = join(places.root, '../debian');
  const file = readdirSync(folder).find((one) => one.startsWith(`${name}_`));
  return file?.split('_')[1] ?? '?';
}
