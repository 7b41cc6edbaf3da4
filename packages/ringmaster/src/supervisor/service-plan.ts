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
  /** Before the file is removed: stops it and forgets it. */
  readonly disable: readonly Command[];
  /** After the file was removed. */
  readonly forget: readonly Command[];
}

/** Everything that installing a service takes: the text of its file too. */
export interface ServicePlan extends ServiceSteps {
  readonly text: string;
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
  const text = place.platform === 'darwin' ? launchdPlist(wish) : systemdUnit(wish);
  return { ...serviceSteps(wish, place), text };
}

/** What of the plan does not depend on what is to be run: enough to remove a service whose fleet file has mistakes. */
export function serviceSteps(service: ServiceName, place: ServicePlace): ServiceSteps {
  return place.platform === 'darwin' ? launchdSteps(service, place) : systemdSteps(service, place);
}

type ServiceName = Pick<ServiceWish, 'fleet' | 'scope'>;

function systemdSteps({ fleet, scope }: ServiceName, { configDir }: ServicePlace): ServiceSteps {
  const unit = `ringmaster-${fleet}.service`;
  const isSystem = scope === 'system';
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
    disable: [['launchctl', 'bootout', `${domain}/${label}`]],
    forget: [],
  };
}
