import type { enActs } from './en-acts.ts';

/** The same in Japanese. */
export const jaActs: Readonly<Record<keyof typeof enActs, string>> = {
  'ask.cancel': 'キャンセル',
  'ask.server.stop': '{server} を停止しますか？',
  'ask.server.restart': '{server} を再起動しますか？',
  'ask.inFlight.one': '1件の呼び出しが処理中です。しばらく完了を待ち、その後は結果不明になります。',
  'ask.inFlight.other':
    '{count}件の呼び出しが処理中です。しばらく完了を待ち、その後は結果不明になります。',
  'ask.back.server.stop': '削除されるものはありません。{server} はいつでも起動できます。',
  'ask.back.server.restart':
    '削除されるものはありません。{server} が稼働するまで、新しい呼び出しは待機します。',
  'did.server.start': '{server} を起動しました。',
  'did.server.stop': '{server} を停止しました。',
  'did.server.restart': '{server} を再起動しました。',
  'didNot.server.start': '{server} を起動できませんでした。{reason}',
  'didNot.server.stop': '{server} を停止できませんでした。{reason}',
  'didNot.server.restart': '{server} を再起動できませんでした。{reason}',
  'didNot.signIn': '{server} へのサインインを開始できませんでした。{reason}',
  'toast.undo': '元に戻す',
  'toast.close': '閉じる',
  'act.signIn': 'サインイン…',
  'act.diagnose': '診断',
  'reason.folded.one': '依存する {names} も影響を受けています',
  'reason.folded.other': '依存する{count}台も影響を受けています：{names}',
  'diagnosis.title': '{server} の診断',
  'diagnosis.evidence': '根拠',
  'diagnosis.next': '次の一手',
  'diagnosis.certain': '確実',
  'diagnosis.likely': '可能性が高い',
  'diagnosis.guess': '推測',
};
