import { daemonLeaf } from './cgroup.ts';

/** A daemon as the machine's own service manager is to run it. Every path is absolute. */
export interface ServiceWish {
  readonly fleet: string;
  /** `user` services belong to one person, `system` services to the machine. */
  readonly scope: 'user' | 'system';
  /** Program and arguments; no shell is involved. */
  readonly command: readonly string[];
  readonly workingDir: string;
  /** PATH in which servers find their programs: a service manager's own is nearly empty. */
  readonly searchPath: string;
  /** Whom a system service runs as; undefined means root. */
  readonly user: string | undefined;
  /** How long an orderly stop of every server may take. */
  readonly stopMaxMs: number;
  /** Where words of the daemon go where no journal of the system takes them (launchd). */
  readonly logFile: string;
}

/** The first line of every file that we write; a file without it is somebody else's. */
export const serviceMark = 'Written by ringmaster install-service';

/** Between a crash and the next start; after a start that failed the daemon itself rests before it ends (`up --service`). */
const restartSeconds = 2;

/**
 * The text of a systemd unit (systemd.service(5), systemd.syntax(7)). The daemon comes back after every end but an
 * orderly one, and its servers stay when it crashes.
 */
export function systemdUnit(wish: ServiceWish): string {
  const isSystem = wish.scope === 'system';
  const lines = [
    `# ${serviceMark}; ringmaster uninstall-service removes it.`,
    '[Unit]',
    `Description=Ringmaster fleet ${specifiers(wish.fleet)}`,
    ...(isSystem ? ['Wants=network-online.target', 'After=network-online.target'] : []),
    '# However often it fails, the next try comes: a repaired fleet file needs nobody to start it.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${wish.command.map(execWord).join(' ')}`,
    `WorkingDirectory=${specifiers(wish.workingDir)}`,
    `Environment=${quoted(`PATH=${wish.searchPath}`)}`,
    ...(isSystem && wish.user !== undefined ? [`User=${specifiers(wish.user)}`] : []),
    'Restart=always',
    `RestartSec=${restartSeconds}`,
    '# An end in good order is ringmaster down: what a person stopped stays stopped until the next boot.',
    'RestartPreventExitStatus=0',
    '# Only the daemon is ended, never its group: servers outlive a daemon that crashes, and the next',
    '# one takes them over. At an orderly stop the daemon ends every server itself.',
    'KillMode=process',
    "# Every server gets a control group of its own below the unit's, and the daemon one beside them",
    '# (DelegateSubgroup: systemd 254 and newer; older ones ignore it, and limits are kept by looking).',
    'Delegate=yes',
    `DelegateSubgroup=${daemonLeaf}`,
    '# A hundred servers have a thousand threads, more than a service may have by default.',
    'TasksMax=infinity',
    `TimeoutStopSec=${Math.ceil(wish.stopMaxMs / 1_000)}`,
    '',
    '[Install]',
    `WantedBy=${isSystem ? 'multi-user.target' : 'default.target'}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** A text in which `%` stands for itself. */
function specifiers(text: string): string {
  return text.replaceAll('%', '%%');
}

function quoted(text: string): string {
  return `"${specifiers(text).replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A word of `ExecStart`, in which `$` would begin a variable. */
function execWord(word: string): string {
  return quoted(word).replaceAll('$', '$$$$');
}

/**
 * The text of a launchd property list (launchd.plist(5)), to the same effect as the systemd unit. Written and tested as
 * text; not run on macOS yet.
 */
export function launchdPlist(wish: ServiceWish): string {
  const entries: readonly (readonly [string, string])[] = [
    ['Label', string(serviceLabel(wish.fleet))],
    ['ProgramArguments', `<array>${wish.command.map(string).join('')}</array>`],
    ['WorkingDirectory', string(wish.workingDir)],
    ['EnvironmentVariables', `<dict><key>PATH</key>${string(wish.searchPath)}</dict>`],
    ...(wish.scope === 'system' && wish.user !== undefined
      ? [['UserName', string(wish.user)] as const]
      : []),
    ['RunAtLoad', '<true/>'],
    // Back after every end but an orderly one.
    ['KeepAlive', '<dict><key>SuccessfulExit</key><false/></dict>'],
    // What KillMode=process is to systemd: servers outlive a daemon that crashes.
    ['AbandonProcessGroup', '<true/>'],
    ['ExitTimeOut', `<integer>${Math.ceil(wish.stopMaxMs / 1_000)}</integer>`],
    ['StandardOutPath', string(wish.logFile)],
    ['StandardErrorPath', string(wish.logFile)],
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<!-- ${serviceMark}; ringmaster uninstall-service removes it. -->`,
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    ...entries.map(([key, value]) => `  <key>${key}</key>${value}`),
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

/** Name of a fleet's service for launchd. */
export function serviceLabel(fleet: string): string {
  return `ringmaster.${fleet}`;
}

function string(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<string>${escaped}</string>`;
}
