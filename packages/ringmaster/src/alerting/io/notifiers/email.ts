import { noticeLine } from '../../sentences.ts';
import {
  type Message,
  messageText,
  type NotifierTools,
  type Send,
  sendTimeoutMs,
} from './notifier.ts';

/** Longest subject; the rest stands in the text. */
const subjectMax = 150;

/** How long a mail may take in all: a server that answers a line now and then is as good as none. */
const mailTimeoutMs = 3 * sendTimeoutMs;

/**
 * Sends a mail by SMTP; the library is loaded with the first one. The address of the server is a secret. `wholeMs` is
 * how long all of it may take.
 */
export async function sendEmail(
  { url, from, to }: Parameters<Send<'email'>>[0],
  message: Message,
  { expand }: Pick<NotifierTools, 'expand'>,
  wholeMs = mailTimeoutMs,
): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const address = await expand(url);
  const transport = createTransport({
    ...{ url: address, disableFileAccess: true, disableUrlAccess: true },
    ...{ connectionTimeout: sendTimeoutMs, greetingTimeout: sendTimeoutMs },
    socketTimeout: sendTimeoutMs,
  });
  try {
    await transport.sendMail({
      ...{ from, to: [...to], subject: subjectOf(message), text: messageText(message) },
      messageId: `<${message.id}@ringmaster.invalid>`,
      signal: AbortSignal.timeout(wholeMs),
    });
  } catch (error) {
    const { code = 'no code', responseCode = '' } = error as {
      code?: string;
      responseCode?: number;
    };
    throw new Error(`the mail server did not take it (${`${code} ${responseCode}`.trim()})`);
  } finally {
    transport.close();
  }
}

/** The first alert, and how many more there are. */
function subjectOf({ notices, fleet, language, leftOut }: Message): string {
  const [first] = notices;
  const line = first === undefined ? 'Ringmaster' : noticeLine(first, language);
  const more = notices.length + leftOut - 1;
  const text = `${fleet} ${line}`.replace(/\s+/g, ' ').slice(0, subjectMax);
  return more > 0 ? `${text} (+${more})` : text;
}
