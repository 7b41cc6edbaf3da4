import type { WordRow } from './interpreter.ts';

/** What is said of servers, their processes and their logs. */
export const serverWords: readonly WordRow[] = [
  ['No server is named "{server}"', 'サーバー "{server}" はありません'],
  ['Cannot find server {server}: {offer}', 'サーバー {server} が見つかりません: {offer}'],
  ['Cannot find servers {servers}: {offer}', 'サーバー {servers} が見つかりません: {offer}'],
  ['did you mean {names}?', '{names} のことですか?'],
  ['the fleet has no servers', '構成にサーバーがありません'],
  ['the fleet has none', '構成には一つもありません'],
  ['the fleet has {names}', '構成にあるのは {names} です'],
  ['there are {names}', 'あるのは {names} です'],
  ['there are: none', '一つもありません'],
  ['there are: {names}', 'あるのは {names} です'],
  [
    'Cannot show {server}: it is not part of what runs now',
    '{server} を表示できません: 現在の構成で動いていません',
  ],
  ['Found no profile "{profile}"', 'プロファイル "{profile}" がありません'],
  [
    'Cannot {verb}: found neither servers nor a profile',
    '{verb} を実行できません: サーバーもプロファイルも指定されていません',
  ],
  [
    'Cannot change "{server}": found an empty patch',
    '"{server}" を変更できません: 変更内容が空です',
  ],
  [
    'Cannot run {count} instances of "{server}": its pool.max is {max}',
    '"{server}" を {count} 個動かすことはできません: pool.max は {max} です',
  ],
  [
    'Server "{server}" runs nothing on this machine',
    'サーバー "{server}" はこのマシンで何も動かしません',
  ],
  [
    'Server "{server}" reads no input: stdin is not set',
    'サーバー "{server}" は入力を読みません: stdin が設定されていません',
  ],
  [
    'Server "{server}" is only connected to, not run here',
    'サーバー "{server}" には接続するだけで、ここでは動かしません',
  ],
  [
    'Server "{server}" has the fixed port {port}, so only one instance can run',
    'サーバー "{server}" のポートは {port} に固定されているため、動かせるのは 1 個だけです',
  ],
  ['port: auto allows more', 'port: auto にすれば増やせます'],
  ['Cannot {verb} {count} servers: {why}', '{count} 個のサーバーの {verb} に失敗しました: {why}'],
  [
    'The new instance of "{server}" is not ready: {why}',
    '"{server}" の新しいインスタンスの準備が完了しません: {why}',
  ],
  ['The daemon is stopping every server', 'デーモンがすべてのサーバーを停止しているところです'],
  [
    'The daemon is stopping: nothing is applied any more',
    'デーモンが停止するところです: 新しい変更は適用されません',
  ],
  ['Cannot make named pipes with mkfifo', 'mkfifo で名前付きパイプを作れません'],
  ['Found no free port on 127.0.0.1', '127.0.0.1 に空きポートがありません'],
  ['The search of logs broke off', 'ログの検索が途中で止まりました'],
  [
    'Cannot search logs: {count} searches wait already',
    'ログを検索できません: すでに {count} 件の検索が待っています',
  ],
  ['Cannot search logs: the daemon stops', 'ログを検索できません: デーモンが停止します'],
  [
    'Cannot search logs: it answered something else',
    'ログを検索できません: 想定外の応答がありました',
  ],
  ['Cannot search logs: {why}', 'ログを検索できません: {why}'],
  ['Gave up the search of logs after {time} s', 'ログの検索を {time} 秒で打ち切りました'],
  [
    'Cannot read on in {count} logs: a cursor is for one server',
    '{count} 個のログを続けて読むことはできません: cursor は 1 つのサーバーのものです',
  ],
  ['Cannot read on: found cursor {text}', '続きを読めません: cursor {text} は使えません'],
  [
    'Cannot measure "{server}": found an error as the answer of {tool}, needed arguments it takes',
    '"{server}" を測定できません: {tool} がエラーを返しました。受け付けられる引数が必要です',
  ],
  [
    'Cannot measure "{server}": found no tool that is marked read-only and needs no arguments, needed tool and arguments',
    '"{server}" を測定できません: 読み取り専用で引数の要らないツールがありません。tool と arguments を指定してください',
  ],
  [
    'Cannot measure "{server}": found a {kind}, needed an MCP server that is run here',
    '"{server}" を測定できません: 種類は {kind} です。測定できるのはここで動かす MCP サーバーだけです',
  ],
  [
    'Cannot try other settings: the journal cannot be written',
    'ほかの設定を試せません: ジャーナルに書き込めません',
  ],
  [
    'Cannot try {setting} of "{server}": its values may be secret, needed server.edit',
    '"{server}" の {setting} は試せません: 値が秘密かもしれないため、server.edit が必要です',
  ],
  ['Cannot measure: found another benchmark that runs', '測定できません: 別の測定が動いています'],
];
