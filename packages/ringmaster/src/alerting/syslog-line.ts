import type { Severity, SyslogFacility } from '../fleet/schema-alerts.ts';
import type { Notice } from './notices.ts';
import { type AlertLanguage, noticeLine } from './sentences.ts';

/** Who says it, where, and when: the header of a syslog message. */
export interface SyslogHeader {
  readonly facility: SyslogFacility;
  readonly hostName: string;
  readonly processId: number;
  /** As RFC 3339 writes it, in UTC. */
  readonly time: string;
  readonly fleet: string;
  readonly language: AlertLanguage;
}

/** Severities of syslog, RFC 5424 6.2.1. */
const severityNumbers: Readonly<Record<Severity, number>> = {
  ...{ critical: 2, high: 3, warning: 4, info: 6 },
};
/** What is over, or a test: notice. */
const noticeNumber = 5;
/** Facilities of programs that are no part of the system, RFC 5424 6.2.1. */
const facilityNumbers: Readonly<Record<SyslogFacility, number>> = {
  ...{ user: 1, daemon: 3, local0: 16, local1: 17, local2: 18, local3: 19 },
  ...{ local4: 20, local5: 21, local6: 22, local7: 23 },
};
/** RFC 5424 6.2.4 and 6.2.7. */
const hostNameMax = 255;
const messageIdMax = 32;
/** RFC 5424 6.4: says that the text is UTF-8. */
const byteOrderMark = '\uFEFF';

/** A notice as one message of RFC 5424 in one line; the rule is its MSGID. */
export function syslogLine(notice: Notice, header: SyslogHeader): string {
  const { facility, hostName, processId, time, fleet, language } = header;
  const { about, alert } = notice;
  const isOver = about === 'resolved' || about === 'test';
  const severity = isOver ? noticeNumber : severityNumbers[alert.severity];
  const priority = facilityNumbers[facility] * 8 + severity;
  const [host, rule] = [nameOf(hostName, hostNameMax), nameOf(alert.rule, messageIdMax)];
  const text = `${fleet} ${noticeLine(notice, language)} (${alert.key})`;
  const words = text.replace(/\p{Cc}+/gu, ' ');
  return `<${priority}>1 ${time} ${host} ringmaster ${processId} ${rule} - ${byteOrderMark}${words}`;
}

/** Printable ASCII without spaces, as names in the header are; `-` when nothing is left. */
function nameOf(text: string, length: number): string {
  return text.replace(/[^!-~]/g, '').slice(0, length) || '-';
}
