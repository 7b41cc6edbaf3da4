import type { WordRow } from './interpreter.ts';

/** What is said of signing in to remote servers. */
export const signInWords: readonly WordRow[] = [
  [
    'Server "{server}": its authorization server was {before} and is now {now}',
    'サーバー "{server}" の認可サーバーが {before} から {now} に変わりました',
  ],
  [
    'needed auth.issuer in the fleet file before it is told the client secret',
    'client secret を送るには、構成ファイルに auth.issuer が必要です',
  ],
  [
    'Server "{server}" needs a sign-in, as {why}',
    'サーバー "{server}" にはサインインが必要です。{why}',
  ],
  ['run: ringmaster login {server}', '実行してください: ringmaster login {server}'],
  [
    'nobody came back from {issuer} within {time} minutes',
    '{issuer} から {time} 分以内に誰も戻りませんでした',
  ],
  ['nobody has signed in yet', 'まだ誰もサインインしていません'],
  ['it refuses the sign-in there was', '以前のサインインが拒否されました'],
  ['its authorization server is now {issuer}', '認可サーバーが {issuer} に変わりました'],
  [
    'its authorization server ended the sign-in ({text})',
    '認可サーバーがサインインを終わらせました ({text})',
  ],
  ['it wants more rights for this: scopes {text}', '追加の権限が必要です: スコープ {text}'],
  [
    'Server "{server}": the answer does not say that it comes from {issuer}',
    'サーバー "{server}": 応答に {issuer} からのものだという印がありません',
  ],
  ['nothing was sent to anybody', '何も送信していません'],
  [
    'Server "{server}": its authorization server refused the sign-in ({text})',
    'サーバー "{server}": 認可サーバーがサインインを拒否しました ({text})',
  ],
  [
    'Server "{server}": cannot renew its sign-in: {why}',
    'サーバー "{server}": サインインを更新できません: {why}',
  ],
  [
    'Server "{server}": authorization server {issuer} gave no tokens: {why}',
    'サーバー "{server}": 認可サーバー {issuer} からトークンを得られません: {why}',
  ],
  [
    'Server "{server}": it refuses although these scopes were asked for: {text}',
    'サーバー "{server}": 次のスコープを要求しましたが拒否されました: {text}',
  ],
  [
    'Server "{server}" names no authorization server',
    'サーバー "{server}" は認可サーバーを示していません',
  ],
  [
    'Server "{server}" names no authorization server and asks for no sign-in',
    'サーバー "{server}" は認可サーバーを示さず、サインインも求めていません',
  ],
  [
    'Server "{server}": cannot begin the sign-in: {why}',
    'サーバー "{server}": サインインを始められません: {why}',
  ],
  ['Server "{server}": cannot sign in: {why}', 'サーバー "{server}": サインインできません: {why}'],
  [
    'Server "{server}": cannot {action}: {why}',
    'サーバー "{server}": サインインの準備 ({action}) ができません: {why}',
  ],
  [
    'its authorization server is {issuer}, needed {wanted}, as auth.issuer says',
    '認可サーバーは {issuer} ですが、auth.issuer の {wanted} でなければなりません',
  ],
  [
    'it refused to register this client (HTTP {status})',
    'このクライアントの登録が拒否されました (HTTP {status})',
  ],
  ['it answered with no OAuth error', 'OAuth のエラーではない応答がありました'],
  [
    'Authorization server {issuer} registers no clients by itself',
    '認可サーバー {issuer} はクライアントを自動で登録しません',
  ],
  ['needed auth.clientId in the fleet file', '構成ファイルに auth.clientId が必要です'],
  [
    'Authorization server {issuer} does not say that it supports PKCE with S256, needed it against stolen codes',
    '認可サーバー {issuer} は S256 の PKCE に対応すると示していません。盗まれたコードを防ぐために必要です',
  ],
  [
    'Refused to send a browser to {address}: needed https',
    'ブラウザーを {address} に送ることはできません: https が必要です',
  ],
  ['Cannot read auth.privateKeyFile {path}', 'auth.privateKeyFile の {path} を読み込めません'],
  [
    'The tokens are of type "{type}", needed Bearer',
    'トークンの種類は "{type}" です。Bearer が必要です',
  ],
  ['Cannot ask {address}: {why}', '{address} に問い合わせできません: {why}'],
  ['Refused to ask {address}: {why}', '{address} への問い合わせを拒否しました: {why}'],
  ['has an address that is for special use', '特別な用途のアドレスです'],
  [
    'has a {kind} address, which a server elsewhere must not send us to',
    '{kind} アドレスです。外部のサーバーの指示で接続することはできません',
  ],
  ['The answer holds no code', '応答に code がありません'],
  [
    'Cannot sign in to "{server}": it is no remote server that has been started, or its entry says auth.type none or has a header',
    '"{server}" にサインインできません: 起動済みの外部サーバーではないか、設定が auth.type none またはヘッダー付きです',
  ],
];
