import type { NotifierEntry } from '../../../fleet/schema-alerts.ts';
import type { Notice } from '../../notices.ts';
import { type AlertLanguage, alertSentence, noticeLine } from '../../sentences.ts';

/** What is sent in one go: one alert, or a digest of many. */
export interface Message {
  /** The same at each attempt, so that a receiver can tell a repeat from news. */
  readonly id: string;
  readonly fleet: string;
  readonly language: AlertLanguage;
  readonly notices: readonly Notice[];
  /** Notices that were left out because too many waited. */
  readonly leftOut: number;
}

/** What a notifier may use; each is bounded in time by itself. */
export interface NotifierTools {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Puts the values of `${VAR}` into a text; throws when one is missing, naming it. */
  readonly expand: (text: string) => Promise<string>;
  /** Runs a program through the spawn gate with `input` on stdin; throws unless it ends with 0. */
  readonly run: (program: {
    readonly name: string;
    readonly command: string;
    readonly args: readonly string[];
    /** Arguments after those: data that differs each time, which no approval is about. */
    readonly texts?: readonly string[];
    readonly input: string;
  }) => Promise<void>;
}

/** Sends one message; throws a sentence without secrets when it did not arrive. */
export type Send<Kind extends NotifierEntry['kind']> = (
  entry: Extract<NotifierEntry, { kind: Kind }>,
  message: Message,
  tools: NotifierTools,
) => Promise<void>;

/** How long a notifier may take for one message. */
export const sendTimeoutMs = 10_000;

/** Posts JSON; throws the status, or why nobody answered. The address is a secret and stays out of both. */
export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      ...{ method: 'POST', body, redirect: 'error' },
      headers: { 'content-type': 'application/json', ...headers },
      signal: AbortSignal.timeout(sendTimeoutMs),
    });
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    const code = cause?.code ?? (error as Error).name;
    throw new Error(`no answer from the receiver (${code})`);
  }
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the receiver answered ${response.status}`);
}

/** The message as text: one line an alert. */
export function messageText({ fleet, language, notices, leftOut }: Message): string {
  const lines = notices.map((notice) => noticeLine(notice, language));
  if (leftOut > 0) lines.push(language === 'ja' ? `ほか ${leftOut} 件` : `and ${leftOut} more`);
  return [`Ringmaster – ${fleet}`, ...lines].join('\n');
}

/** The message as data, for programs. */
export function messageJson({ id, fleet, language, notices, leftOut }: Message): string {
  return JSON.stringify({
    ...{ id, fleet, leftOut },
    alerts: notices.map(({ about, level, alert }) => ({
      ...{ about, level, sentence: alertSentence(alert, language) },
      ...{ key: alert.key, rule: alert.rule, subject: alert.subject, severity: alert.severity },
      ...{ value: alert.value, threshold: alert.threshold, firedAtMs: alert.firedAtMs },
    })),
  });
}
