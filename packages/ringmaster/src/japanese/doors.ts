import type { WordRow } from './interpreter.ts';

/** What is said of requests: to the daemon over HTTP, of agents over the control server, of schedules, alerts, reports. */
export const doorWords: readonly WordRow[] = [
  ['no answer from the receiver ({why})', '宛先から応答がありません ({why})'],
  ['the receiver answered {status}', '宛先が {status} を返しました'],
  [
    'The daemon failed at this; its stderr tells more under {id}',
    'デーモンの内部で失敗しました。詳しくはデーモンの stderr の {id} をご覧ください',
  ],
  ['Cannot do {asked}: needed {routes}', '{asked} は実行できません。使えるのは {routes} です'],
  ['Cannot find an operation at {path}', '{path} に操作はありません'],
  ['Cannot find an operation at {path}: {offer}', '{path} に操作はありません: {offer}'],
  [
    'Cannot read the path: {path} is not percent-encoded text',
    'パスを読み取れません: {path} は正しいパーセントエンコーディングではありません',
  ],
  ['Idempotency-Key needs 1 to {count} characters', 'Idempotency-Key は 1 〜 {count} 文字です'],
  [
    'The Idempotency-Key was used with another input',
    'この Idempotency-Key は別の入力で使われています',
  ],
  [
    '{operation} was done for this Idempotency-Key at {time}',
    'この Idempotency-Key の {operation} は {time} に実行されました',
  ],
  [
    'Found {count} Idempotency-Keys in {time} minutes, the most there may be',
    'Idempotency-Key が {time} 分間の上限の {count} 個に達しています',
  ],
  ['unknown: the daemon ended before it was finished', '不明: 終わる前にデーモンが終了しました'],
  ['it was begun at {time}', '{time} に開始しました'],
  ['it was due while nobody watched', '予定の時刻にデーモンが動いていませんでした'],
  ['the run before is not done yet', '前回の実行がまだ終わっていません'],
  ['the collector answered {status}', 'コレクターの応答は {status} です'],
  ['the collector did not take {count} of them', 'コレクターが {count} 件を受け取りませんでした'],
  [
    'the collector did not take {count} of them: {text}',
    'コレクターが {count} 件を受け取りませんでした: {text}',
  ],
  [
    '{count} spans were left out: too many waited',
    'スパン {count} 件を省きました: 待ちが多すぎました',
  ],
  ['nothing was done', '何も実行していません'],
  ['its answer is not kept', '応答は保存されていません'],
  [
    'The daemon ended before {operation} was finished, begun at {time} for this Idempotency-Key',
    'この Idempotency-Key の {operation} ({time} に開始) が終わる前にデーモンが終了しました',
  ],
  ['{count} live streams are open already', 'ライブストリームはすでに {count} 本開いています'],
  [
    'Unknown parameter "{name}"; known are after, kind and calls',
    '不明なパラメーター "{name}" です。使えるのは after、kind、calls です',
  ],
  ['calls is "count" or left out', 'calls は "count" とするか省略します'],
  ['after is the number of an event', 'after はイベントの番号です'],
  [
    'Cannot read the body: found no content type, needed content-type application/json',
    '本文を読み取れません: content-type がありません。application/json が必要です',
  ],
  [
    'Cannot read the body: found {text}, needed content-type application/json',
    '本文を読み取れません: content-type は {text} です。application/json が必要です',
  ],
  ['Cannot read the body: needed JSON in UTF-8', '本文を読み取れません: UTF-8 の JSON が必要です'],
  [
    'Cannot read the body: found {size} bytes, needed at most {limit}',
    '本文を読み取れません: {size} バイトあります。上限は {limit} バイトです',
  ],
  ['The request broke off', '要求が途中で切れました'],
  [
    'The Host or Origin header is not of this machine',
    'Host または Origin ヘッダーがこのマシンのものではありません',
  ],
  [
    'Cannot listen on port {port}: another process holds it',
    'ポート {port} で待ち受けできません: 別のプロセスが使っています',
  ],
  [
    'Cannot listen on port {port}: process {process} holds it',
    'ポート {port} で待ち受けできません: プロセス {process} が使っています',
  ],
  ['Cannot listen on {host} port {port}', '{host} のポート {port} で待ち受けできません'],
  // Alerts, schedules, reports, figures, views.
  [
    'Found {count} silences, needed an end of one first',
    '通知停止がすでに {count} 件あります。先に 1 件を終わらせてください',
  ],
  ['Found no silence {id}', '通知停止 {id} はありません'],
  ['Found no open alert {key}', '発生中のアラート {key} はありません'],
  ['none is open', '発生中のものはありません'],
  ['open are {keys}', '発生中なのは {keys} です'],
  ['Found no notifier {name}', '通知先 {name} はありません'],
  ['the fleet file has none', '構成ファイルには一つもありません'],
  ['There is no schedule "{schedule}"', 'スケジュール "{schedule}" はありません'],
  ['Schedule "{schedule}" runs already', 'スケジュール "{schedule}" はすでに動いています'],
  ['There is no report "{report}"', 'レポート "{report}" はありません'],
  [
    'Cannot make the report: found time zone {zone}, needed one such as Europe/Berlin',
    'レポートを作れません: タイムゾーン {zone} は使えません。Asia/Tokyo のように指定してください',
  ],
  [
    'Cannot read the figures: found {count} points, needed at most {limit}: a longer step, a shorter time or one figure',
    '数値を読み出せません: {count} 点になります。上限は {limit} 点です。間隔を長くするか、期間を短くするか、項目を 1 つにしてください',
  ],
  ['Cannot find the view {view}: {offer}', 'ビュー {view} が見つかりません: {offer}'],
  [
    'Cannot read argumentsJson: needed the text of a JSON object',
    'argumentsJson を読み取れません: JSON オブジェクトの文字列が必要です',
  ],
  // Agents.
  [
    'Cannot subscribe to {uri}: this session has {count} subscriptions, the most there may be',
    '{uri} を購読できません: このセッションの購読は上限の {count} 件に達しています',
  ],
  [
    'Cannot answer: found {size} characters, needed at most {limit}',
    '応答できません: {size} 文字になります。上限は {limit} 文字です',
  ],
  [
    'ask for less (a limit, one server, a shorter time)',
    '範囲を狭めてください (limit、1 つのサーバー、短い期間)',
  ],
  [
    'Cannot add the process: found quotes in command {text}, needed the program in command and the rest in args',
    'プロセスを追加できません: command {text} に引用符があります。command にはプログラムだけを、残りは args に書いてください',
  ],
  [
    'Cannot read {uri}: needed process://NAME/info or logs://NAME/recent',
    '{uri} を読み取れません: process://NAME/info か logs://NAME/recent が必要です',
  ],
  ['There is no tool {tool}', 'ツール {tool} はありません'],
  [
    'Cannot do {asked}: plan_id is unknown, used, older than 5 minutes or of another call',
    '{asked} を実行できません: plan_id が不明か、使用済みか、5 分より古いか、別の呼び出しのものです',
  ],
  ['call again without it', 'plan_id なしで呼び直してください'],
  [
    'Cannot change {settings} of "{server}": that is a person\'s to change, in the fleet file or with ringmaster edit',
    '"{server}" の {settings} は変更できません: 人が構成ファイルか ringmaster edit で変更するものです',
  ],
  ['Cannot do {operation}: {why}', '{operation} を実行できません: {why}'],
];
