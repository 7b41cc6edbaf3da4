import type { Severity } from '../fleet/schema-alerts.ts';
import { plainText } from '../harmless.ts';
import { sayWhy } from '../japanese/say-why.ts';
import type { Finding, RuleName } from './alert.ts';
import type { Notice } from './notices.ts';

/** Languages in which alerts and verdicts are told. */
export type AlertLanguage = 'en' | 'ja';

type Words = Readonly<Record<AlertLanguage, string>>;

/** What each rule says, with {subject}, {value}, {threshold} and {why}. */
export const ruleWords: Readonly<Record<RuleName, Words>> = {
  cpuPercent: {
    en: 'CPU of the machine is at {value} (threshold {threshold})',
    ja: 'マシンの CPU 使用率が {value} です (しきい値 {threshold})',
  },
  memoryPercent: {
    en: 'Memory of the machine is at {value} (threshold {threshold})',
    ja: 'マシンのメモリ使用率が {value} です (しきい値 {threshold})',
  },
  diskPercent: {
    en: 'The disk of the data directory is at {value} (threshold {threshold})',
    ja: 'データフォルダーのディスク使用率が {value} です (しきい値 {threshold})',
  },
  memoryBytes: {
    en: '{subject} uses {value} of memory (threshold {threshold})',
    ja: '{subject} がメモリを {value} 使っています (しきい値 {threshold})',
  },
  latencyMs: {
    en: 'Calls to {subject} take more than {threshold}, the longest {value}',
    ja: '{subject} への呼び出しが {threshold} を超えています (最長 {value})',
  },
  errorPercent: {
    en: '{value} of the calls to {subject} fail (threshold {threshold})',
    ja: '{subject} への呼び出しの {value} が失敗しています (しきい値 {threshold})',
  },
  logErrorsPerMinute: {
    en: '{subject} logs {value} errors a minute (threshold {threshold})',
    ja: '{subject} のエラーログが 1 分に {value} 行あります (しきい値 {threshold})',
  },
  logErrorsPerDay: {
    en: '{subject} logged {value} errors in 24 hours (threshold {threshold})',
    ja: '{subject} のエラーログが 24 時間に {value} 行あります (しきい値 {threshold})',
  },
  logCritical: {
    en: '{subject} logged {value} critical lines (threshold {threshold})',
    ja: '{subject} の致命的なログが {value} 行あります (しきい値 {threshold})',
  },
  noSamples: {
    en: '{value} samples of {subject} in a row are missing (threshold {threshold})',
    ja: '{subject} の測定値が {value} 回続けて届いていません (しきい値 {threshold})',
  },
  down: { en: '{subject} died: {why}', ja: '{subject} が異常終了しました: {why}' },
  sick: { en: '{subject} is sick: {why}', ja: '{subject} の調子がよくありません: {why}' },
  flapping: {
    en: '{subject} became sick {value} times (threshold {threshold})',
    ja: '{subject} の調子が {value} 回悪くなりました (しきい値 {threshold})',
  },
  overLimit: {
    en: '{subject} went over a limit: {why}',
    ja: '{subject} が上限を超えました: {why}',
  },
  spawnRefused: {
    en: '{subject} may not be started: {why}',
    ja: '{subject} は起動を許可されていません: {why}',
  },
  signInNeeded: {
    en: '{subject} waits for somebody to sign in: {why}',
    ja: '{subject} はサインインを待っています: {why}',
  },
  nameCollided: {
    en: 'A tool of {subject} has a name that is taken: {why}',
    ja: '{subject} のツール名が重複しています: {why}',
  },
  orphanEnded: {
    en: 'A process that {subject} left behind was ended: {why}',
    ja: '{subject} が残したプロセスを終了しました: {why}',
  },
  fleetRejected: {
    en: 'The fleet file was not applied: {why}',
    ja: '構成ファイルを適用できませんでした: {why}',
  },
};

/** The word of each severity. */
export const severityWords: Readonly<Record<Severity, Words>> = {
  info: { en: 'info', ja: '情報' },
  warning: { en: 'warning', ja: '警告' },
  high: { en: 'high', ja: '重大' },
  critical: { en: 'critical', ja: '緊急' },
};

const aboutWords: Readonly<Record<Notice['about'], Words>> = {
  firing: { en: 'firing', ja: '発生' },
  worse: { en: 'worse', ja: '悪化' },
  still: { en: 'still firing', ja: '継続中' },
  resolved: { en: 'resolved', ja: '解決' },
  test: { en: 'test', ja: 'テスト' },
};

/** What an alert says, in one sentence without a full stop. */
export function alertSentence(alert: Finding, language: AlertLanguage): string {
  const { rule, subject, value, threshold, why = '' } = alert;
  const values: Record<string, string> = {
    ...{ subject, why: plainText(sayWhy(why, language)) },
    value: figure(rule, value),
    threshold: figure(rule, threshold),
  };
  return ruleWords[rule][language].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

/** A notice in one line: severity, what is new about it, the sentence. */
export function noticeLine({ alert, about }: Notice, language: AlertLanguage): string {
  const severity = severityWords[alert.severity][language];
  return `[${severity}] ${aboutWords[about][language]}: ${alertSentence(alert, language)}`;
}

/** A figure with its unit, as short as it can be read. */
export function figure(rule: RuleName, value: number | undefined): string {
  if (value === undefined) return '?';
  if (rule.endsWith('Percent')) return `${round(value)} %`;
  if (rule === 'memoryBytes') return `${round(value / 1e6)} MB`;
  if (rule === 'latencyMs') return value < 1_000 ? `${round(value)} ms` : `${round(value / 1e3)} s`;
  return String(round(value));
}

function round(value: number): number {
  return Number(value.toFixed(value < 10 ? 1 : 0));
}
