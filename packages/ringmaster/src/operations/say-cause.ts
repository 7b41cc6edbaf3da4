import type { ReportLanguage } from '../reporting/words.ts';
import { type CauseCode, type CauseWords, causeWords } from './cause-words.ts';

/** The words of a cause for one server. */
export function sayCause(cause: CauseCode, server: string, language: ReportLanguage): CauseWords {
  const { told, next } = causeWords[cause][language];
  return { told, next: next.map((line) => line.replaceAll('{server}', server)) };
}

/** What the daemon does about it by itself. */
export function sayNextTry(
  facts: { readonly inMs: number | undefined; readonly deaths: number },
  language: ReportLanguage,
): string {
  const { inMs, deaths } = facts;
  if (inMs === undefined) return language === 'ja' ? '予定はありません' : 'Nothing is due';
  const seconds = Math.max(0, Math.round(inMs / 1_000));
  if (language === 'ja') return `${seconds} 秒後に再び起動します。最近の終了は ${deaths} 回です`;
  return `Started again in ${seconds} s; ${deaths} ${deaths === 1 ? 'death' : 'deaths'} lately`;
}
