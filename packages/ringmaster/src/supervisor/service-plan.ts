import { launchdPlist, type ServiceWish, serviceLabel, systemdUnit } from './service-unit.ts';

/** A program with its arguments. */
export type Command = readonly [string, ...string[]];

/** Everything that installing and removing a service takes: one file, and commands in order. */
export interface ServicePlan {
  readonly manager: 'systemd' | 'launchd';
  readonly file: string;
  readonly text: string;
  /** After the file was written: makes the manager know it and start it at boot. */
  readonly enable: readonly Command[];
  /** Starts it now. */
  readonly start: readonly Command[];
  /** Before the file is removed: stops it and forgets it. */
  readonly disable: readonly Command[];
  /** After the file was removed. */
  readonly forget: readonly Command[];
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
  return place.platform === 'darwin' ? planLaunchd(wish, place) : planSystemd(wish, place);
}

function planSystemd(wish: ServiceWish, { configDir }: ServicePlace): ServicePlan {
  const unit = `ringmaster-${wish.fleet}.service`;
  const isSystem = wish.scope === 'system';
  const folder = isSystem ? '/etc/systemd/system' : `${configDir}/systemd/user`;
  const ask = (...words: string[]): Command => [
    'systemctl',
    ...(isSystem ? [] : ['--user']),
    ...words,
  ];
  return {
    manager: 'systemd',
    file: `${folder}/${unit}`,
    text: systemdUnit(wish),
    enable: [ask('daemon-reload'), ask('enable', unit)],
    start: [ask('start', unit)],
    disable: [ask('disable', '--now', unit)],
    forget: [ask('daemon-reload')],
  };
}

function planLaunchd(wish: ServiceWish, { homeDir, userId }: ServicePlace): ServicePlan {
  const label = serviceLabel(wish.fleet);
  const isSystem = wish.scope === 'system';
  const folder = isSystem ? '/Library/LaunchDaemons' : `${homeDir}/Library/LaunchAgents`;
  const file = `${folder}/${label}.plist`;
  const domain = isSystem ? 'system' : `gui/${userId}`;
  return {
    manager: 'launchd',
    file,
    text: launchdPlist(wish),
    enable: [['launchctl', 'enable', `${domain}/${label}`]],
    start: [['launchctl', 'bootstrap', domain, file]],
    disable: [['launchctl', 'bootout', `${domain}/${label}`]],
    forget: [],
  };
}
