import type { WordRow } from './interpreter.ts';

/** What is said of files: the fleet file, configurations of clients and managers, the data folder, the journal. */
export const fileWords: readonly WordRow[] = [
  ['There is no file {path}', 'ファイル {path} がありません'],
  ['{path} is a folder, needed a file', '{path} はフォルダーです。ファイルが必要です'],
  [
    'Cannot read {path}: found binary data, needed UTF-8 text',
    '{path} を読み込めません: バイナリデータです。UTF-8 のテキストが必要です',
  ],
  [
    'Cannot read {path}: found bytes that are no UTF-8, needed UTF-8 text',
    '{path} を読み込めません: UTF-8 ではないバイトがあります。UTF-8 のテキストが必要です',
  ],
  [
    'Cannot read {path}: found {size} bytes, needed at most {limit}',
    '{path} を読み込めません: {size} バイトあります。上限は {limit} バイトです',
  ],
  ['Cannot read the journal {path} just now', 'ジャーナル {path} を今は読み込めません'],
  ['Cannot read the journal {path}: {why}', 'ジャーナル {path} を読み込めません: {why}'],
  ['Cannot open the journal {path}: {why}', 'ジャーナル {path} を開けません: {why}'],
  ['it ended', '終了しました'],
  ['its thread failed', 'スレッドが失敗しました'],
  ['its thread ended at once', 'スレッドがすぐに終了しました'],
  ['Cannot read {path}', '{path} を読み込めません'],
  ['it may not be read', '読み取る権限がありません'],
  ['Cannot write {path}', '{path} に書き込めません'],
  ['Cannot change {path}', '{path} を変更できません'],
  ['Cannot use the data folder {path}', 'データフォルダー {path} を使えません'],
  ['A daemon already runs on {path}: {who}', '{path} ではすでにデーモンが動いています: {who}'],
  ['process {pid}, on port {port}', 'プロセス {pid}、ポート {port}'],
  ['one that is starting', '起動中です'],
  [
    '{path} was not written by Ringmaster and stays as it is',
    '{path} は Ringmaster が書いたものではないため、そのままにしました',
  ],
  [
    'Found {count} backups of {path}, needed fewer',
    '{path} のバックアップが {count} 個あります。減らしてください',
  ],
  [
    'Server "{server}": envFile names {path}, which does not exist',
    'サーバー "{server}": envFile の {path} がありません',
  ],
  ['{path} is too large', '{path} は大きすぎます'],
  ['not understood, needed NAME=value', '解釈できません。NAME=value の形が必要です'],
  [
    '{file} has no profile "{profile}", it defines none',
    '{file} にプロファイル "{profile}" はありません。定義が一つもありません',
  ],
  [
    '{file} has no profile "{profile}", needed one of {names}',
    '{file} にプロファイル "{profile}" はありません。次のいずれかが必要です: {names}',
  ],
  ['and {count} more', 'ほか {count} 件'],
  [
    'Cannot save the fleet file: it was changed since it was read',
    '構成ファイルを保存できません: 読み込んだ後に変更されています',
  ],
  ['Cannot add "{server}": {why}', '"{server}" を追加できません: {why}'],
  [
    'Cannot change {settings} of "{server}": found it written in a part that entries share (an anchor), needed it written in its entry',
    '"{server}" の {settings} を変更できません: 複数の設定が共有する部分 (アンカー) にあります。サーバー自身の設定に書いてください',
  ],
  [
    'Cannot write {file}: servers are only added, changed and removed in YAML files',
    '{file} に書き込めません: サーバーの追加、変更、削除ができるのは YAML ファイルだけです',
  ],
  ['edit it yourself', '直接編集してください'],
  [
    'Cannot add servers to {file}: needed a YAML file (.yaml or .yml)',
    '{file} にサーバーを追加できません: YAML ファイル (.yaml または .yml) が必要です',
  ],
  [
    'Found no configuration of {client}, needed {paths}',
    '{client} の設定がありません。必要なファイル: {paths}',
  ],
  [
    '{path} is no configuration of a known MCP client (mcpServers, mcp_servers, servers with inputs) or process manager (circus, supervisord, pm2, Procfile)',
    '{path} は、対応する MCP クライアント (mcpServers、mcp_servers、inputs を伴う servers) やプロセスマネージャー (circus、supervisord、pm2、Procfile) の設定ではありません',
  ],
  [
    '{path} is a program, and programs are not run here: needed its apps as JSON or YAML',
    '{path} はプログラムで、ここでは実行されません: apps を JSON か YAML で用意してください',
  ],
  [
    'A configuration in {folder} includes more than {count} files',
    '{folder} の設定が {count} 個を超えるファイルを読み込んでいます',
  ],
  ['needed a section {section}', '{section} の部分が必要です'],
  ['already there', 'すでにあります'],
  ['an entry of this name has other settings', '同じ名前で設定の異なる項目があります'],
  ['it stays', 'そのまま残します'],
  ['nothing was written', '何も書き込んでいません'],
  [
    'Cannot write {file}: mcp_servers.{server} stands inside another table, needed [mcp_servers.{name}]',
    '{file} に書き込めません: mcp_servers.{server} が別の表の中にあります。[mcp_servers.{name}] の形が必要です',
  ],
  // What the system says.
  [
    'ENOENT: no such file or directory, {text}',
    'ENOENT: ファイルもフォルダーもありません ({text})',
  ],
  ['EACCES: permission denied, {text}', 'EACCES: 権限がありません ({text})'],
  ['ENOSPC: no space left on device, {text}', 'ENOSPC: 空き容量がありません ({text})'],
  ['EROFS: read-only file system, {text}', 'EROFS: 読み取り専用のファイルシステムです ({text})'],
  ['connect ECONNREFUSED {address}', '{address} に接続を拒否されました (ECONNREFUSED)'],
  ['listen EADDRINUSE: address already in use {address}', '{address} は使用中です (EADDRINUSE)'],
  [
    'listen EADDRNOTAVAIL: address not available {address}',
    '{address} はこのマシンのアドレスではありません (EADDRNOTAVAIL)',
  ],
  ['listen EACCES: permission denied {address}', '{address} で待ち受ける権限がありません (EACCES)'],
];
