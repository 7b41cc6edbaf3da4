import type { NotifierEntry } from '../../../fleet/schema-alerts.ts';
import { sendDesktop } from './desktop.ts';
import { sendDiscord } from './discord.ts';
import { sendEmail } from './email.ts';
import { sendExec } from './exec.ts';
import type { Message, NotifierTools, Send } from './notifier.ts';
import { sendSlack } from './slack.ts';
import { sendSyslog } from './syslog.ts';
import { sendWebhook } from './webhook.ts';

const senders: { readonly [Kind in NotifierEntry['kind']]: Send<Kind> } = {
  webhook: sendWebhook,
  slack: sendSlack,
  discord: sendDiscord,
  email: sendEmail,
  exec: sendExec,
  syslog: sendSyslog,
  desktop: sendDesktop,
};

/** Sends by whatever kind of notifier it is. */
export function sendBy(
  entry: NotifierEntry,
  message: Message,
  tools: NotifierTools,
): Promise<void> {
  const send = senders[entry.kind] as Send<NotifierEntry['kind']>;
  return send(entry, message, tools);
}
