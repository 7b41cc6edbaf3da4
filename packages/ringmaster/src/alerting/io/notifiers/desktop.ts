import type { Severity } from '../../../fleet/schema-alerts.ts';
import { noticeLine } from '../../sentences.ts';
import type { Send } from './notifier.ts';

/** Lines shown; a bubble has little room. */
const linesMax = 5;

/** Urgencies of the Desktop Notifications Specification; what is critical stays until somebody closes it. */
const urgencies: Readonly<Record<Severity, string>> = {
  ...{ info: 'low', warning: 'normal', high: 'normal', critical: 'critical' },
};

/** Shows a bubble by `notify-send` (libnotify), which passes the spawn gate like every other program. */
export const sendDesktop: Send<'desktop'> = async (_entry, message, { run }) => {
  const { notices, leftOut, fleet, language } = message;
  const lines = notices.slice(0, linesMax).map((notice) => noticeLine(notice, language));
  const more = notices.length + leftOut - lines.length;
  if (more > 0) lines.push(`(+${more})`);
  const worst = notices.find(({ about }) => about !== 'resolved')?.alert.severity ?? 'info';
  try {
    await run({
      ...{ name: 'notifier-desktop', command: 'notify-send', input: '' },
      args: ['--app-name=Ringmaster'],
      texts: [
        `--urgency=${urgencies[worst]}`,
        ...['--', `Ringmaster – ${fleet}`, lines.map(asText).join('\n')],
      ],
    });
  } catch (error) {
    const needs = 'a bubble needs notify-send (libnotify) and a desktop session of this user';
    throw new Error(`${(error as Error).message}; ${needs}`);
  }
};

/** A body may hold markup by the specification: words of servers are none. */
function asText(line: string): string {
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
