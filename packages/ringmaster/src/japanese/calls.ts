import type { WordRow } from './interpreter.ts';

/** What is said of calls, and of conversations with servers. */
export const callWords: readonly WordRow[] = [
  ['the call may have executed', '呼び出しは実行された可能性があります'],
  ['the call has executed', '呼び出しは実行されています'],
  [
    'Server "{server}" died during the call ({how})',
    'サーバー "{server}" が呼び出しの最中に終了しました ({how})',
  ],
  [
    'Server "{server}" did not answer within {time} ms',
    'サーバー "{server}" が {time} ミリ秒以内に応答しませんでした',
  ],
  [
    'Server "{server}" did not answer {method} within {time} ms',
    'サーバー "{server}" が {method} に {time} ミリ秒以内に応答しませんでした',
  ],
  [
    'The daemon ended before the reply reached the client',
    '応答がクライアントに届く前にデーモンが終了しました',
  ],
  ['The daemon ended during the call', '呼び出しの最中にデーモンが終了しました'],
  ['The call took too long', '呼び出しに時間がかかりすぎました'],
  [
    'Nobody answered the questions of the server in time',
    'サーバーからの質問に時間内に答える人がいませんでした',
  ],
  ['its event stream broke off', 'イベントストリームが切れました'],
  [
    'Server "{server}" lost the task of the call ({why})',
    'サーバー "{server}" が呼び出しのタスクを失いました ({why})',
  ],
  [
    'Server "{server}" had no process free in {waited} ms: {taken} of its {count} processes serve one client each (pool.mode {mode}), and {why}',
    'サーバー "{server}" に {waited} ミリ秒の間、空いたプロセスがありませんでした: {count} 個のうち {taken} 個がそれぞれ 1 つのクライアント専用です (pool.mode {mode})。{why}',
  ],
  ['another is still starting', 'もう 1 つは起動中です'],
  ['pool.max allows no more', 'pool.max により、これ以上は増やせません'],
  ['Server "{server}" is not running: {why}', 'サーバー "{server}" は動いていません: {why}'],
  [
    'Server "{server}" takes no more calls: {why}',
    'サーバー "{server}" はこれ以上の呼び出しを受け付けません: {why}',
  ],
  ['{count} calls wait for it', '{count} 件の呼び出しが待っています'],
  ['{count} calls are in flight', '{count} 件の呼び出しが実行中です'],
  ['it does not read its input', '入力を読んでいません'],
  ['it is not in the fleet any more', 'もう構成にありません'],
  ['{why}, waited {time} ms', '{why} ({time} ミリ秒待ちました)'],
  ['it has not started yet', 'まだ起動していません'],
  [
    'Server "{server}" refused the call: {text}',
    'サーバー "{server}" が呼び出しを拒否しました: {text}',
  ],
  [
    'Tool "{tool}" of server "{server}" is hidden by {setting}',
    'サーバー "{server}" のツール "{tool}" は {setting} により隠されています',
  ],
  ['Server "{server}" has no tool "{tool}"', 'サーバー "{server}" にツール "{tool}" はありません'],
  ['There is no MCP server "{server}" in the fleet', '構成に MCP サーバー "{server}" はありません'],
  ['The params are nested too deeply', 'params の入れ子が深すぎます'],
  ['Server "{server}" has no open conversation', 'サーバー "{server}" と通信していません'],
  [
    'Server "{server}" answered initialize without a protocolVersion',
    'サーバー "{server}" の initialize への応答に protocolVersion がありません',
  ],
  ['it ended when asked for its era: {why}', '対応する版を尋ねたところ終了しました: {why}'],
  ['it refused server/discover: {text}', 'server/discover を拒否しました: {text}'],
  [
    'Server "{server}" has neither pipes nor URL',
    'サーバー "{server}" にはパイプも URL もありません',
  ],
  ['It is not modern', '新しい版ではありません'],
  [
    'it failed after a question of its server could not be attributed',
    'サーバーの質問が誰宛てか分からず失敗しました',
  ],
  ['now it is alone with its process', '今はプロセスを専有しています'],
  ['Nobody waits for this reply any more', 'この応答を待つものはもうありません'],
  ['its conversation could not be opened', '通信を始められませんでした'],
  ['There is no finished call {id} in the journal', '記録に、終わった呼び出し {id} はありません'],
];
