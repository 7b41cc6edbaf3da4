import type { WordRow } from './interpreter.ts';

/**
 * What the daemon says of why a server is as it is, and the same in Japanese. `{name}` stands for what is as it is in
 * both; `{why}` and `{how}` for a clause that is itself found here. Rows that say more stand first.
 */
export const stateWords: readonly WordRow[] = [
  // How a process ended, and what follows.
  ['could not be started: {why}', '起動できませんでした: {why}'],
  ['died by itself ({how})', '異常終了しました ({how})'],
  ['killed, as it did not stop in time ({how})', '時間内に停止しないため強制終了しました ({how})'],
  ['killed, as {why} ({how})', '強制終了しました。{why} ({how})'],
  ['stopped ({how})', '停止しました ({how})'],
  ['{tool} is of {owner} already', '{tool} はすでに {owner} のものです'],
  ['exit code {code}', '終了コード {code}'],
  ['signal {signal}', 'シグナル {signal}'],
  ['exit unknown', '終了状態は不明'],
  ['stopped as asked', '指示により停止しました'],
  ['it ended, and its restart policy is never', '終了しました。再起動の方針は never です'],
  [
    'it ended by itself with code 0, and its restart policy is on-failure',
    '終了コード 0 で終了しました。再起動の方針は on-failure です',
  ],
  ['tried again slowly from now on', '間隔を空けて再試行します'],
  ['tried again at once', 'すぐに再試行します'],
  ['tried again in {delay} ms', '{delay} ミリ秒後に再試行します'],
  ['1 death; slow retries from now on', '終了したため、間隔を空けて再試行します'],
  [
    '{count} deaths in a row; slow retries from now on',
    '{count} 回続けて終了したため、間隔を空けて再試行します',
  ],
  ['death {count} in a row, started again at once', '連続 {count} 回目の終了。すぐに再起動します'],
  [
    'death {count} in a row, started again in {delay} ms',
    '連続 {count} 回目の終了。{delay} ミリ秒後に再起動します',
  ],
  [
    'looked at again in an hour, or once somebody has signed in',
    '1 時間後、またはサインインの後に再び確認します',
  ],
  ['tried again, after: {why}', '再試行中です。前回: {why}'],
  // Starting and stopping.
  ['not started since the daemon started', 'デーモンの起動後、まだ起動していません'],
  [
    'stays stopped: it was stopped on request before',
    '以前に停止を指示されたため、停止したままです',
  ],
  ['it is starting', '起動中です'],
  ['about to start', 'まもなく起動します'],
  ['waits for {servers}', '{servers} を待っています'],
  ['asleep until called: {why}', '呼び出されるまで休止しています: {why}'],
  ['nobody used it for {time} ms', '{time} ミリ秒の間、利用がありませんでした'],
  ['not ready within {time} ms: {why}', '{time} ミリ秒以内に準備が完了しませんでした: {why}'],
  ['not ready within {time} ms ({how})', '{time} ミリ秒以内に準備が完了しませんでした ({how})'],
  ['not ready within {time} ms', '{time} ミリ秒以内に準備が完了しませんでした'],
  ['what it sent is no MCP: {text}', 'MCP ではない内容を送りました: {text}'],
  ['sick for {time} ms: {why}', '{time} ミリ秒の間、不調でした: {why}'],
  ['sick for {time} ms', '{time} ミリ秒の間、不調でした'],
  ['did not stop within {time} ms, killed', '{time} ミリ秒以内に停止しないため強制終了しました'],
  ['1 probe failed: {why}', 'ヘルスチェックに失敗しました: {why}'],
  ['{count} probes failed in a row: {why}', 'ヘルスチェックが {count} 回続けて失敗しました: {why}'],
  ['its probes pass again', 'ヘルスチェックが再び成功しました'],
  ['its probes pass', 'ヘルスチェックに成功しています'],
  ['it answers', '応答しています'],
  ['it speaks MCP {version}', 'MCP {version} で通信しています'],
  ['taken up from an earlier daemon', '以前のデーモンから引き継ぎました'],
  [
    'the process an earlier daemon left was not what is wanted now',
    '以前のデーモンが残したプロセスは現在の設定と異なります',
  ],
  ['GET {address} answered {status}', 'GET {address} の応答は {status} です'],
  ['GET {address} gave no answer in {time} ms', 'GET {address} の応答が {time} ミリ秒ありません'],
  ['port {port} gave no answer in {time} ms', 'ポート {port} の応答が {time} ミリ秒ありません'],
  ['nothing listens on port {port}', 'ポート {port} で待ち受けるものがありません'],
  // Who wanted it.
  ['stopped by request', '指示により停止しています'],
  ['started by {by}', '{by} の指示で起動しました'],
  ['stopped by {by}', '{by} の指示で停止しました'],
  ['restarted by {by}', '{by} の指示で再起動しました'],
  ['reloaded by {by}', '{by} の指示で入れ替えました'],
  ['scaled to {count} by {by}', '{by} の指示で数を {count} にしました'],
  ['{why} (start of the daemon)', '{why} (デーモンの起動)'],
  ['{why} (the file changed)', '{why} (ファイルの変更)'],
  ['{why} (ringmaster {verb})', '{why} (ringmaster {verb})'],
  ['{why} (server.edit)', '{why} (server.edit)'],
  ['{why} (fleet.save)', '{why} (fleet.save)'],
  ['new in the fleet file', '構成ファイルに追加されました'],
  ['it is no longer in the fleet file', 'もう構成ファイルにありません'],
  ['no longer in the fleet file', '構成ファイルから除かれました'],
  ['disabled in the fleet file', '構成ファイルで無効になっています'],
  ['not in the profile {profile}', 'プロファイル {profile} に含まれません'],
  ['not in the profile', 'プロファイルに含まれません'],
  ['applied without a restart', '再起動なしで適用します'],
  ['not started: {why}', '起動しません: {why}'],
  ['{settings} changed', '{settings} が変更されました'],
  ['a newer process took its place', '新しいプロセスに入れ替わりました'],
  // The gate.
  [
    'Server "{server}" may not be started: {why}',
    'サーバー "{server}" は起動を許可されていません: {why}',
  ],
  [
    'an agent added it, and nobody has approved it yet',
    'エージェントが追加したもので、まだ承認されていません',
  ],
  ['nobody has approved it yet', 'まだ承認されていません'],
  ['what it runs has changed since it was approved', '承認後に実行内容が変更されています'],
  [
    'found no program "{program}"; looked in PATH or at that path',
    'プログラム "{program}" が PATH にも、そのパスにもありません',
  ],
  [
    '{path} fits a pattern of spawn.allowCommands, but leads to {target}, which fits none; a link is allowed by its own path, without *',
    '{path} は spawn.allowCommands のパターンに合いますが、リンク先の {target} は合いません。リンクを許可するには、* を使わずそのパスを書いてください',
  ],
  [
    '"{program}", which is {path}, is not among spawn.allowCommands',
    '"{program}" (実体は {path}) は spawn.allowCommands に含まれません',
  ],
  [
    '"{program}" is not among spawn.allowCommands',
    '"{program}" は spawn.allowCommands に含まれません',
  ],
  [
    '{path} is in none of the folders of spawn.allowPaths',
    '{path} は spawn.allowPaths のどのフォルダーにもありません',
  ],
  [
    'its environment sets {variable}, which is not among spawn.allowEnvironment',
    '環境変数 {variable} は spawn.allowEnvironment に含まれません',
  ],
  ['this machine has no user "{user}"', 'このマシンにユーザー "{user}" はいません'],
  ['this machine has no group "{group}"', 'このマシンにグループ "{group}" はありません'],
  // What it was started with, and what it used.
  [
    'The working directory {path} of server "{server}" is no folder',
    'サーバー "{server}" の作業フォルダー {path} がありません',
  ],
  [
    'Server "{server}": {setting} needs the variable {variable}, which is not set and has no default',
    'サーバー "{server}": {setting} が使う変数 {variable} に値も既定値もありません',
  ],
  ['Port {port} is held by another process', 'ポート {port} は別のプロセスが使っています'],
  ['Port {port} is held by process {process}', 'ポート {port} はプロセス {process} が使っています'],
  [
    'it used {value} of memory, resources.memoryBytes allows {limit}',
    'メモリを {value} 使いました。resources.memoryBytes の上限は {limit} です',
  ],
  [
    'it ran {value} processes, resources.processes allows {limit}',
    'プロセスが {value} 個になりました。resources.processes の上限は {limit} です',
  ],
  [
    'used {value} of memory, resources.memoryBytes allows {limit}',
    'メモリを {value} 使いました。resources.memoryBytes の上限は {limit} です',
  ],
  [
    'used {value} of a core, resources.cpuPercent allows {limit}',
    'CPU を {value} 使いました。resources.cpuPercent の上限は {limit} です',
  ],
  [
    'ran {value} processes, resources.processes allows {limit}',
    'プロセスが {value} 個になりました。resources.processes の上限は {limit} です',
  ],
  // Servers that are reached by an address.
  [
    'Cannot open a conversation with server "{server}": {why}',
    'サーバー "{server}" との通信を始められません: {why}',
  ],
  ['Server "{server}" gave no reply ({why})', 'サーバー "{server}" から応答がありません ({why})'],
  ['it answered HTTP {status}', 'HTTP {status} が返されました'],
  ['its answer holds no reply', '応答の内容がありません'],
  ['it serves only {versions}', '対応しているのは {versions} だけです'],
  // Pools.
  ['{count} are to be kept running', '{count} 個を常に動かします'],
  ['at most {count} may run', '動かせるのは {count} 個までです'],
  [
    'it was for one client alone, and is not needed any more',
    '一つのクライアント専用でしたが、もう必要ありません',
  ],
  ['a call waits', '呼び出しが 1 件待っています'],
  ['{count} calls wait', '呼び出しが {count} 件待っています'],
  ['a process is wanted for one client alone', 'クライアント専用のプロセスが 1 個必要です'],
  [
    '{count} processes are wanted for one client alone',
    'クライアント専用のプロセスが {count} 個必要です',
  ],
  ['{count} calls at once at each process', '各プロセスに同時に {count} 件の呼び出しがあります'],
  [
    'half of the calls take over {time} ms, {alone} ms when alone',
    '呼び出しの半数が {time} ミリ秒を超えています。単独なら {alone} ミリ秒です',
  ],
  ['it did not get ready in a reload', '入れ替えで準備が完了しませんでした'],
  ['it failed, and nobody waits for it', '失敗しましたが、待っている呼び出しはありません'],
];
