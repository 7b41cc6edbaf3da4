import { execFileSync } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Problem } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import {
  planService,
  type ServicePlan,
  type ServiceSteps,
  serviceSteps,
} from '../../supervisor/service-plan.ts';
import type { ServiceWish } from '../../supervisor/service-unit.ts';
import { type Invocation, isGiven, textOption } from './invocation.ts';
import { findDataDir, fleetNameOf, requireFleetFile } from './locate.ts';
import { binPath } from './own-command.ts';
import type { Terminal } from './terminal.ts';

/** What a service of this fleet is, and what installing and removing it takes. */
export interface WantedService {
  readonly plan: ServicePlan;
  readonly wish: ServiceWish;
  readonly dataDir: string;
}

/** Room beside the longest stop of a server: to write records and leave. */
const stopMarginMs = 15_000;

/** Reads the fleet file, which must be valid, and works out the service that runs it. */
export async function wantedService(invocation: Invocation): Promise<WantedService> {
  const { flags, terminal } = invocation;
  const file = requireFleetFile(flags, terminal);
  const { readFleet } = await import('../../fleet/io/read-fleet.ts');
  const { fleet } = await readFleet(file, { revision: 0 });
  const scope = scopeOf(invocation);
  const user = wantedUser(invocation, scope);
  const isOther = user !== undefined && user !== userInfo().username;
  const dataDir =
    isOther && flags.dataDir === undefined
      ? join(homeOf(user, terminal), '.local', 'state', 'ringmaster', fleet.name)
      : await findDataDir(flags, file, terminal);
  const wish: ServiceWish = {
    fleet: fleet.name,
    scope,
    command: [
      ...[process.execPath, binPath(), 'up', '--service', '--file', file, '--data-dir', dataDir],
      ...['--lang', terminal.language],
      ...(flags.port === undefined ? [] : ['--port', String(flags.port)]),
    ],
    workingDir: dirname(file),
    searchPath: searchPath(terminal),
    user,
    stopMaxMs: stopMaxMs(fleet),
    logFile: join(dataDir, 'logs', 'daemon.log'),
  };
  return { plan: planService(wish, placeOf(terminal)), wish, dataDir };
}

/** What it takes to remove the service of this fleet, whose file may have mistakes by now. */
export async function installedService(invocation: Invocation): Promise<ServiceSteps> {
  const { flags, terminal } = invocation;
  const fleet = await fleetNameOf(requireFleetFile(flags, terminal));
  return serviceSteps({ fleet, scope: scopeOf(invocation) }, placeOf(terminal));
}

function scopeOf(invocation: Invocation): ServiceWish['scope'] {
  return isGiven(invocation, 'system') ? 'system' : 'user';
}

/** Whom a service of the machine runs as: the one named, else whoever called sudo; undefined for root. */
function wantedUser(invocation: Invocation, scope: 'user' | 'system'): string | undefined {
  const { terminal } = invocation;
  const named = textOption(invocation, 'user');
  if (scope === 'user') {
    if (named !== undefined)
      throw new Problem('bad_usage', terminal.say('service.userNeedsSystem'));
    return undefined;
  }
  const user = named ?? terminal.env['SUDO_USER'] ?? userInfo().username;
  homeOf(user, terminal);
  return user === 'root' ? undefined : user;
}

/** Home folder of a user of this machine; a Problem when there is none of that name. */
function homeOf(user: string, terminal: Terminal): string {
  if (user === userInfo().username) return homedir();
  try {
    const isMac = process.platform === 'darwin';
    const [program, ...words] = isMac
      ? ['dscl', '.', '-read', `/Users/${user}`, 'NFSHomeDirectory']
      : ['getent', 'passwd', user];
    const text = execFileSync(program ?? '', words, { encoding: 'utf8', stdio: 'pipe' }).trim();
    const home = isMac ? text.replace(/^NFSHomeDirectory:\s*/, '') : text.split(':')[5];
    if (home?.startsWith('/') === true) return home;
  } catch {
    // Both programs fail for a name they do not know, which is said below.
  }
  throw new Problem('bad_usage', terminal.say('service.userUnknown', { user }));
}

/** The folders in which programs are found now, whole paths only; Node's own is among them. */
function searchPath({ env }: Terminal): string {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return [...new Set([...folders, dirname(process.execPath)])].join(delimiter);
}

/** The longest orderly stop of this fleet: calls drain, then servers get their grace. */
function stopMaxMs({ servers }: Fleet): number {
  const longest = servers.map(({ stop }) => stop.drainMs + stop.graceMs);
  return Math.max(0, ...longest) + stopMarginMs;
}

function placeOf({ env }: Terminal): Parameters<typeof planService>[1] {
  const homeDir = env['HOME'] ?? homedir();
  const configured = env['XDG_CONFIG_HOME'];
  return {
    platform: process.platform === 'darwin' ? 'darwin' : 'linux',
    homeDir,
    configDir: configured?.startsWith('/') === true ? configured : join(homeDir, '.config'),
    userId: process.getuid?.() ?? 0,
  };
}
