import type { englishAlerts } from './en-alerts.ts';

/** Words of alerts, in Japanese. */
export const japaneseAlerts: Readonly<Record<keyof typeof englishAlerts, string>> = {
  'column.severity': '重大度',
  'column.alert': 'アラート',
  'column.since': '発生時刻',
  'column.rule': 'ルール',
  'column.fired': '発生回数',
  'column.inAll': '合計時間',
  'column.takenIn': '引き受けまで',
  'column.levels': 'しきい値',
  'severity.info': '情報',
  'severity.warning': '警告',
  'severity.high': '重大',
  'severity.critical': '緊急',
  'alerts.usage':
    '指定できるのは、指定なし、ack KEY、unack KEY、history [DURATION]、silence [SERVER]、unsilence ID、test [NOTIFIER]、rules のいずれかです',
  'alerts.none': '発生中のアラートはありません',
  'alerts.pending': '保留中',
  'alerts.firing': '発生中',
  'alerts.clearing': '回復確認中',
  'alerts.silenced': '通知停止中',
  'alerts.acknowledged': '{by} が引き受け済み',
  'alerts.silence': '通知停止 {id}: {what} ({until} まで、設定者 {by}) {note}',
  'alerts.taken': '{key} を引き受けました。悪化しないかぎり他の人には通知されません',
  'alerts.givenBack': '{key} の担当を外れました。通知の段階が再び進みます',
  'alerts.quietPast': 'この期間に発生したアラートはありません',
  'alerts.badRange':
    'history の値「{text}」を期間として読めません。24h や 7d のように指定してください',
  'alerts.badDuration':
    '--for の値「{text}」を期間として読めません。30m や 2h のように指定してください',
  'alerts.quieted': '通知停止 {id} は {until} に終わります',
  'alerts.unquieted': '通知停止 {id} を終了しました',
  'alerts.noNotifiers': '構成ファイルに通知先がありません',
  'alerts.arrived': '{name}: 届きました',
  'alerts.lost': '{name}: 届きませんでした: {why}',
};
