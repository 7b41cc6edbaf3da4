import { launchdPlist, type ServiceWish, serviceLabel, systemdUnit } from './service-unit.ts';

/** A program with its arguments. */
export type Command = readonly [string, ...string[]];

/** Where a service is kept and what its manager is told, commands in order; needs no more than the fleet's name. */
export interface ServiceSteps {
  readonly manager: 'systemd' | 'launchd';
  readonly file: string;
  /** After the file was written: makes the manager know it and start it at boot. */
  readonly enable: readonly Command[];
  /** Starts it now. */
  readonly start: readonly Command[];
  /** Fails when it does not run; undefined where the manager cannot be asked so. */
  readonly isActive: Command | undefined;
  /** Before the file is removed: stops it and forgets it. */
  readonly disable: readonly Command[];
  /** After the file was removed. */
  readonly forget: readonly Command[];
}

/** Everything that installing a service takes: the text of its file too. */
export interface ServicePlan extends ServiceSteps {
  readonly text: string;
  /** Shows what its daemon said last. */
  readonly words: Command;
}

/** Where the service files of this machine lie. */
export interface ServicePlace {
  readonly platform: 'linux' | 'darwin';
  readonly homeDir: string;
  /** `$XDG_CONFIG_HOME`, or `~/.config`. */
  readonly configDir: string;
  /** Of the person whose service it is (launchd names its domain by it). */
  readonly userId: number;
}

/** The plan for a fleet's service: systemd on Linux, launchd on macOS. */
export function planService(wish: ServiceWish, place: ServicePlace): ServicePlan {
  const steps = serviceSteps(wish, place);
  if (steps.manager === 'launchd')
    return { ...steps, text: launchdPlist(wish), words: ['tail', wish.logFile] };
  const whose = wish.scope === 'system' ? [] : ['--user'];
  const words: Command = ['journalctl', ...whose, '--unit', unitOf(wish), '--lines', '20'];
  return { ...steps, text: systemdUnit(wish), words };
}

/** What of the plan does not depend on what is to be run: enough to remove a service whose fleet file has mistakes. */
export function serviceSteps(service: ServiceName, place: ServicePlace): ServiceSteps {
  return place.platform === 'darwin' ? launchdSteps(service, place) : systemdSteps(service, place);
}

type ServiceName = Pick<ServiceWish, 'fleet' | 'scope'>;

function unitOf({ fleet }: ServiceName): string {
  return `ringmaster-${fleet}.service`;
}

function systemdSteps(service: ServiceName, { configDir }: ServicePlace): ServiceSteps {
  const unit = unitOf(service);
  const isSystem = service.scope === 'system';
  const folder = isSystem ? '/etc/systemd/system' : `${configDir}/systemd/user`;
  const ask = (...words: string[]): Command => [
    'systemctl',
    ...(isSystem ? [] : ['--user']),
    ...words,
  ];
  return {
    manager: 'systemd',
    file: `${folder}/${unit}`,
    enable: [ask('daemon-reload'), ask('enable', unit)],
    start: [ask('start', unit)],
    isActive: ask('is-active', '--quiet', unit),
    disable: [ask('disable', '--now', unit)],
    forget: [ask('daemon-reload')],
  };
}

function launchdSteps(
  { fleet, scope }: ServiceName,
  { homeDir, userId }: ServicePlace,
): ServiceSteps {
  const label = serviceLabel(fleet);
  const isSystem = scope === 'system';
  const folder = isSystem ? '/Library/LaunchDaemons' : `${homeDir}/Library/LaunchAgents`;
  const file = `${folder}/${label}.plist`;
  const domain = isSystem ? 'system' : `gui/${userId}`;
  return {
    manager: 'launchd',
    file,
    enable: [['launchctl', 'enable', `${domain}/${label}`]],
    start: [['launchctl', 'bootstrap', domain, file]],
    isActive: undefined,
    disable: [['launchctl', 'bootout', `${domain}/${label}`]],
    forget: [],
  };
}
