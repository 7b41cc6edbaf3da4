import type { WordRow } from './interpreter.ts';

/** What is said of the settings in a fleet file: what was found there, and what is needed. */
export const fleetWords: readonly WordRow[] = [
  [
    'the file is empty, needed at least one server',
    'ファイルが空です。サーバーが 1 つ以上必要です',
  ],
  [
    'found no section, needed keys such as servers',
    'まとまりになっていません。servers などのキーが必要です',
  ],
  ['found values nested too deeply', '値の入れ子が深すぎます'],
  ['unknown key, needed one of ', '不明なキーです'],
  ['unknown key, needed one of {keys}', '不明なキーです。使えるのは {keys} です'],
  ['found this name, needed another name', 'この名前は使えません。別の名前が必要です'],
  [
    'the name "{name}" stands for every server, needed another name',
    '名前 "{name}" はすべてのサーバーを表します。別の名前が必要です',
  ],
  [
    'found neither command nor url, needed {needed}',
    'command も url もありません。必要なもの: {needed}',
  ],
  [
    'a service is started by us, needed command; for an MCP server, leave kind out',
    'service はここで起動するもので、command が必要です。MCP サーバーなら kind を書かないでください',
  ],
  [
    'is for a program that is started, needed command beside url',
    '起動するプログラムのための設定です。url と並べて command が必要です',
  ],
  ['are sent to an HTTP server, needed url', 'HTTP サーバーに送るものです。url が必要です'],
  [
    'found true, needed a port number here or port in this server',
    'true とありますが、ここにポート番号を書くか、このサーバーに port が必要です',
  ],
  [
    'found a path, needed a whole address here or port in this server',
    'パスだけです。完全なアドレスを書くか、このサーバーに port が必要です',
  ],
  [
    'found a path, needed a whole address here, or port or url in this server',
    'パスだけです。完全なアドレスを書くか、このサーバーに port か url が必要です',
  ],
  [
    'found {value}, needed at most {name}, which is {limit}',
    '{value} とあります。{name} の {limit} 以下でなければなりません',
  ],
  [
    'found 0, needed at least 1: no call would wake a service',
    '0 とあります。1 以上が必要です。service は呼び出しでは起動しません',
  ],
  [
    'found {mode}, needed auto or shared: no process of this server is ours to give',
    '{mode} とあります。auto か shared が必要です。このサーバーのプロセスはここで動かすものではありません',
  ],
  [
    'found {mode} beside a fixed port, needed port: auto, so that several can run',
    '固定ポートと {mode} は両立しません。複数を動かすには port: auto が必要です',
  ],
  [
    'found a ${ that begins no variable, needed ${NAME}, ${NAME:-default}, or $$ for a plain $',
    '変数の始まりではない ${ があります。${NAME} か ${NAME:-default}、$ そのものなら $$ と書いてください',
  ],
  [
    'Server "{server}": {setting} has {text}, needed ${NAME} or ${NAME:-default} (write $$ for a plain $)',
    'サーバー "{server}": {setting} に {text} があります。${NAME} か ${NAME:-default} が必要です ($ そのものは $$)',
  ],
  [
    '"{server}" is disabled, needed an enabled server',
    '"{server}" は無効です。有効なサーバーが必要です',
  ],
  [
    'found a circle {servers}, needed an order in which each can start',
    '循環しています: {servers}。順に起動できる並びが必要です',
  ],
  ['found {port}, which {owner} has too', '{port} は {owner} にも使われています'],
  ['needed another port, or auto', '別のポートか auto が必要です'],
  [
    'found {host}, needed a loopback address such as 127.0.0.1: without authentication every machine in reach could run these tools',
    '{host} とあります。127.0.0.1 のようなループバックアドレスが必要です。認証がないため、届く範囲のどのマシンからもツールを実行できてしまいます',
  ],
  [
    'found "{name}", which "{first}" is renamed to, too',
    '"{first}" も "{name}" という名前に変わります',
  ],
  ['needed another name', '別の名前が必要です'],
  [
    'found something else, needed a section of names and servers',
    '名前とサーバーを並べたまとまりが必要です',
  ],
  [
    'found {value} ms, needed more than the {before} ms of the level before',
    '{value} ミリ秒とあります。前の段階の {before} ミリ秒より長くなければなりません',
  ],
  [
    'is for a server that is only connected to, needed url and no command',
    '接続するだけのサーバーのための設定です。url が必要で、command は書けません',
  ],
  [
    'belongs to a client, needed clientId beside it',
    'クライアントの設定です。並べて clientId が必要です',
  ],
  [
    'takes the place of clientSecret, needed only one of them',
    'clientSecret の代わりとなるものです。どちらか一方だけを書いてください',
  ],
  [
    'found client_credentials, needed clientId and clientSecret or privateKeyFile',
    'client_credentials には clientId と、clientSecret または privateKeyFile が必要です',
  ],
  [
    'found oauth beside a header Authorization, needed only one of them',
    'oauth と Authorization ヘッダーは両立しません。どちらか一方だけを書いてください',
  ],
  ['found the name {name}, needed {needed}', '名前 {name} は使えません。必要なもの: {needed}'],
  ['found something else, needed {needed}', '値が違います。必要なもの: {needed}'],
  ['found nothing, needed {needed}', '値がありません。必要なもの: {needed}'],
  ['found {found}, needed {needed}', '{found} とあります。必要なもの: {needed}'],
  ['found {found}', '{found} とあります'],
  ['needed {needed}', '必要なもの: {needed}'],
  // What the readers of YAML and JSON say most often.
  ['Map keys must be unique', '同じキーが二度あります'],
  ['Tabs are not allowed as indentation', '字下げにタブは使えません'],
  [
    'All mapping items must start at the same column',
    '同じまとまりの項目は同じ桁から始めなければなりません',
  ],
  ['Nested mappings are not allowed in compact mappings', '1 行に値を二重に書くことはできません'],
  ['Implicit keys need to be on a single line', 'キーは 1 行に書かなければなりません'],
  ['Implicit map keys need to be followed by map values', 'キーの後に ":" と値が必要です'],
  ['Missing closing {quote}', '閉じる {quote} がありません'],
];

/** What was found in the file, and what is needed there. */
export const fleetPhrases: readonly WordRow[] = [
  ['a time zone such as Europe/Berlin, or UTC', 'Asia/Tokyo のようなタイムゾーン、または UTC'],
  [
    'five cron fields such as {example}, or {names}',
    '{example} のような cron の 5 つの項目、または {names}',
  ],
  ['{needed}, or {found}', '{needed}、または {found}'],
  ['an operation such as {operation}', '{operation} のような操作'],
  ['command (to start it) or url (to connect)', 'command (起動する場合) または url (接続する場合)'],
  ['a list', 'リスト'],
  ['a section', '名前と値のまとまり'],
  ['something else', '別のもの'],
  ['text', '文字列'],
  ['text that is not empty', '空でない文字列'],
  ['true or false', 'true または false'],
  ['a boolean', '真偽値'],
  ['a number', '数値'],
  ['a whole number', '整数'],
  ['a whole number from {min} to {max} ({unit})', '{min} から {max} までの整数 ({unit})'],
  ['a whole number from {min} to {max}', '{min} から {max} までの整数'],
  ['a number from {min} to {max} ({unit})', '{min} から {max} までの数値 ({unit})'],
  ['a number from {min} to {max}', '{min} から {max} までの数値'],
  ['a list of at least {count}', '{count} 個以上のリスト'],
  ['a section of names and values', '名前と値のまとまり'],
  ['a section with {keys}', '{keys} を含むまとまり'],
  ['a duration such as 30s, 5m or 1500 (milliseconds)', '30s、5m、1500 (ミリ秒) のような時間'],
  ['30s, 5m or 1500 (milliseconds)', '30s、5m、1500 (ミリ秒) のような時間'],
  ['a size such as 100MB or 4096 (bytes)', '100MB、4096 (バイト) のような大きさ'],
  ['100MB, 10MiB or 4096 (bytes)', '100MB、10MiB、4096 (バイト) のような大きさ'],
  [
    '1 to 48 letters, digits, "_", "." or "-", beginning with a letter or digit',
    '英数字と "_"、"."、"-" の 1 〜 48 文字 (先頭は英数字)',
  ],
  ['the name of a server in this file', 'このファイルにあるサーバーの名前'],
  ['the name of a server of this view', 'このビューにあるサーバーの名前'],
  ['the name of a notifier in this file', 'このファイルにある通知先の名前'],
  ['SERVER.NAME, such as {example}', '{example} のような SERVER.NAME の形'],
  ['an address that begins with file://', 'file:// で始まるアドレス'],
  ['an address that begins with https://', 'https:// で始まるアドレス'],
  ['an address that begins with http:// or https://', 'http:// か https:// で始まるアドレス'],
  ['an https address with a path', 'パスの付いた https アドレス'],
  ['a scope', 'スコープ'],
  ['the name or number of a user', 'ユーザーの名前か番号'],
  ['the name or number of a group', 'グループの名前か番号'],
  [
    'a path that begins with / or an address that begins with http:// or https://',
    '/ で始まるパスか、http:// か https:// で始まるアドレス',
  ],
  [
    'a path that begins with / or an address that begins with http://',
    '/ で始まるパスか、http:// で始まるアドレス',
  ],
  ['a regular expression of JavaScript', 'JavaScript の正規表現'],
  ['1 to 40 letters, digits, "_", "." or "-"', '英数字と "_"、"."、"-" の 1 〜 40 文字'],
  ['an address such as {address}', '{address} のようなアドレス'],
  ['a time such as {time}', '{time} のような時刻'],
  ['{text} or "{name}"', '{text} または "{name}"'],
  ['{min} to {max} {unit}', '{min} から {max} まで ({unit})'],
  // Units.
  ['% of one core', '1 コアの %'],
  ['% points', 'パーセントポイント'],
  ['bytes', 'バイト'],
  ['ms', 'ミリ秒'],
  ['calls', '呼び出しの数'],
  ['deaths', '異常終了の回数'],
  ['events', 'イベントの数'],
  ['files', 'ファイルの数'],
  ['probes', 'ヘルスチェックの回数'],
  ['processes', 'プロセスの数'],
  ['questions', '質問の数'],
  ['samples', 'サンプルの数'],
  ['sessions', 'セッションの数'],
  ['times', '回'],
];
