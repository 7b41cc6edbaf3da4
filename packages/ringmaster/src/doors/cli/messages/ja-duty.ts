import type { englishDuty } from './en-duty.ts';

/** Words of health and schedules, in Japanese. */
export const japaneseDuty: Readonly<Record<keyof typeof englishDuty, string>> = {
  'column.check': '確認項目',
  'column.result': '結果',
  'column.took': '所要時間',
  'column.found': '確認内容',
  'column.schedule': 'スケジュール',
  'column.cron': '時刻',
  'column.operation': '操作',
  'column.next': '次回',
  'health.healthy': '正常です',
  'health.degraded': '一部に注意が必要です',
  'health.unhealthy': '異常があります',
  'health.pass': '正常',
  'health.warn': '注意',
  'health.fail': '異常',
  'report.usage':
    'daily・weekly・monthly のいずれか、list、または show とレポート名を指定してください',
  'report.format':
    '--format {found} は使えません。markdown・html・json のいずれかを指定してください',
  'report.none': '保存されたレポートはまだありません',
  'report.kept': '{folder} に {name} として保存しました',
  'column.report': 'レポート',
  'column.made': '作成日時',
  'column.size': 'サイズ',
  'schedule.usage': '引数なし、または run・pause・resume と名前を指定してください',
  'schedule.none': 'フリートファイルにスケジュールはありません',
  'schedule.waiting': '待機中',
  'schedule.running': '実行中',
  'schedule.paused': '一時停止中',
  'schedule.off': '無効',
  'schedule.broken': '設定の誤り',
  'schedule.ok': '成功',
  'schedule.failed': '失敗',
  'schedule.skipped': '見送り',
};
