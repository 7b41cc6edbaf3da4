import type { ReportLanguage } from '../reporting/words.ts';

/** What is said of a cause, in one language. */
export interface CauseWords {
  /** The cause in one sentence. */
  readonly told: string;
  /** What to do; `{server}` stands for its name. */
  readonly next: readonly string[];
}

type InBoth = Readonly<Record<ReportLanguage, CauseWords>>;

function both(en: readonly [string, ...string[]], ja: readonly [string, ...string[]]): InBoth {
  const [toldEn, ...nextEn] = en;
  const [toldJa, ...nextJa] = ja;
  return { en: { told: toldEn, next: nextEn }, ja: { told: toldJa, next: nextJa } };
}

const readLog = 'Read its log around the last death';
const readLogJa = '最後に終了した前後のログを確認してください';

/** Every cause that can be found, with its words: a sentence, then what to do. */
export const causeWords = {
  nothing: both(['It serves; all is well'], ['正常に動作しています']),
  stoppedAsAsked: both(
    ['Somebody stopped it', 'Start it when it is wanted again'],
    ['停止の指示を受けて停止しています', '必要になったら起動してください'],
  ),
  signInNeeded: both(
    ['A person has to sign in to it', 'A person runs: ringmaster login {server}'],
    ['サインインが必要です', '担当者が実行してください: ringmaster login {server}'],
  ),
  approvalNeeded: both(
    [
      'A person has to approve what it runs',
      'A person looks at its entry and runs: ringmaster approve {server}',
    ],
    [
      '実行内容の承認が必要です',
      '担当者が設定を確認して実行してください: ringmaster approve {server}',
    ],
  ),
  notAllowed: both(
    [
      'The rules of this fleet do not allow what it runs',
      'Correct its entry to keep the rule in the evidence, or have a person change the spawn section',
    ],
    [
      'このフリートの規則で実行が許可されていません',
      '根拠の規則に合うように設定を直すか、担当者が spawn の設定を変えてください',
    ],
  ),
  variableMissing: both(
    [
      'A variable of its entry has no value',
      'Set the variable where the daemon runs, or in the variables file beside the fleet file',
    ],
    [
      '設定が使う変数に値がありません',
      'デーモンの環境、または構成ファイルと同じ場所の変数ファイルで値を設定してください',
    ],
  ),
  commandNotFound: both(
    ['Its command was not found', 'Correct command in its entry, or install the program'],
    ['コマンドが見つかりません', '設定の command を直すか、プログラムを導入してください'],
  ),
  commandNotExecutable: both(
    [
      'Its command may not be executed',
      'Make the file executable, or run it with its interpreter: command node, the file in args',
    ],
    [
      'コマンドに実行権限がありません',
      'ファイルに実行権限を付けるか、インタープリターで実行してください (command に node、args にファイル)',
    ],
  ),
  folderMissing: both(
    ['Its working directory is not there', 'Correct cwd in its entry, or create the folder'],
    ['作業フォルダーがありません', '設定の cwd を直すか、フォルダーを作成してください'],
  ),
  packageUnavailable: both(
    [
      'The package it is started from could not be fetched',
      'Correct name and version of the package in args, make its registry reachable, or install it',
    ],
    [
      '起動に使うパッケージを取得できません',
      'args のパッケージ名とバージョンを直すか、レジストリに接続できるようにするか、事前に導入してください',
    ],
  ),
  moduleNotFound: both(
    [
      'It needs a module or script that is not there',
      'Correct the path in args or cwd, or install the dependency where the server runs',
    ],
    [
      '必要なモジュールまたはスクリプトがありません',
      'args か cwd のパスを直すか、サーバーの場所で依存パッケージを導入してください',
    ],
  ),
  wrongArgument: both(
    ['It does not take its arguments', 'Correct args in its entry as the evidence says'],
    ['引数が正しくありません', '根拠に従って設定の args を直してください'],
  ),
  configBroken: both(
    ['A file that it reads cannot be parsed', 'Repair the file that the evidence names'],
    ['読み込むファイルの書式が正しくありません', '根拠に示されたファイルを直してください'],
  ),
  runtimeUnfit: both(
    [
      'The runtime it is started with does not fit it',
      'Run it with the version that the evidence asks for',
    ],
    ['実行環境のバージョンが合いません', '根拠が求めるバージョンで実行してください'],
  ),
  codeBroken: both(
    [
      'Its own code does not run',
      'Repair the file and line named in the evidence, then restart it',
    ],
    ['サーバーのコードが動きません', '根拠のファイルと行を直して再起動してください'],
  ),
  portTaken: both(
    ['Its port is taken', 'Give it another port, or port: auto, or end what holds the port'],
    [
      'ポートが使用中です',
      '別のポートか port: auto を指定するか、ポートを使っているプロセスを終了してください',
    ],
  ),
  outOfMemory: both(
    ['It ran out of memory', 'Raise its memory limit, or find what it holds on to'],
    ['メモリが足りません', 'メモリの上限を上げるか、メモリを使い続けている処理を調べてください'],
  ),
  killedFromOutside: both(
    [
      'Something outside killed it; often the machine ran out of memory',
      'Look at the memory of the machine; resources.memoryBytes ends it with a reason before that',
    ],
    [
      '外部から強制終了されました。マシンのメモリ不足がよくある原因です',
      'マシンのメモリを確認してください。resources.memoryBytes を設定すると理由が残ります',
    ],
  ),
  overLimit: both(
    ['It passed a limit and was ended', 'Raise the limit in its entry, or mend what uses so much'],
    ['上限を超えたため終了しました', '設定の上限を上げるか、使用量の原因を直してください'],
  ),
  diskFull: both(
    ['The disk is full', 'Free space on the disk that it writes to'],
    ['ディスクに空きがありません', '書き込み先のディスクの空きを増やしてください'],
  ),
  tooManyFiles: both(
    [
      'It has too many files open',
      'Raise resources.openFiles in its entry, or mend what leaves files open',
    ],
    [
      '開いているファイルが多すぎます',
      '設定の resources.openFiles を上げるか、ファイルを閉じない原因を直してください',
    ],
  ),
  settingMissing: both(
    [
      'A setting or environment variable that it needs is missing',
      'Add the variable under env of its entry, best as ${NAME}, and have a person set it',
    ],
    [
      '必要な設定または環境変数がありません',
      '設定の env に変数を ${NAME} の形で加え、担当者が値を設定してください',
    ],
  ),
  credentialRefused: both(
    ['A service refused its credentials', 'Have a person renew the key or token that it uses'],
    ['認証情報が拒否されました', '担当者が鍵またはトークンを更新してください'],
  ),
  wrongAddress: both(
    ['There is no MCP server at its address', 'Correct url in its entry'],
    ['アドレスに MCP サーバーがありません', '設定の url を直してください'],
  ),
  failingThere: both(
    ['The server at its address fails', 'Tell who runs it; it is tried again by itself'],
    ['接続先のサーバーでエラーが起きています', '運用者に知らせてください。自動で再試行します'],
  ),
  certificateRefused: both(
    [
      'The certificate of its address is not trusted',
      'Have a person look at the certificate, or correct url in its entry',
    ],
    ['接続先の証明書を信頼できません', '担当者が証明書を確認するか、設定の url を直してください'],
  ),
  unreachable: both(
    [
      'Something that it connects to cannot be reached',
      'Start what listens at the address in the evidence, or correct the address',
    ],
    [
      '接続先に到達できません',
      '根拠のアドレスで待ち受けるものを起動するか、アドレスを直してください',
    ],
  ),
  permissionDenied: both(
    ['It is not allowed to use a file or port', 'Give its user the right, or point it elsewhere'],
    [
      'ファイルまたはポートを使う権限がありません',
      '実行ユーザーに権限を与えるか、別の場所を指定してください',
    ],
  ),
  fileNotFound: both(
    [
      'A file or folder that it needs is not there',
      'Create it, or correct the path in args, cwd or env',
    ],
    [
      '必要なファイルまたはフォルダーがありません',
      '作成するか、args、cwd、env のパスを直してください',
    ],
  ),
  versionMismatch: both(
    [
      'It speaks no revision of MCP that is spoken here',
      'Use a version of it that speaks a revision from 2024-11-05 to 2026-07-28',
    ],
    [
      '対応する MCP のリビジョンがありません',
      '2024-11-05 から 2026-07-28 までのリビジョンに対応するバージョンを使ってください',
    ],
  ),
  notMcp: both(
    [
      'What it sends is no MCP',
      'Have it log to stderr, or correct args so that it starts its MCP server; if it is none, kind: service',
    ],
    [
      'MCP ではない内容を送っています',
      'ログを標準エラーに出すか、MCP サーバーとして起動するように args を直してください。MCP サーバーでなければ kind: service にします',
    ],
  ),
  noHandshake: both(
    [
      'It runs, but does not speak MCP with us in time',
      'Check that command and args start an MCP server that speaks on stdio',
      'If it is only slow, raise start.timeoutMs in its entry',
    ],
    [
      '動いていますが、時間内に MCP の応答がありません',
      'command と args が stdio の MCP サーバーを起動するか確認してください',
      '起動が遅いだけなら、設定の start.timeoutMs を上げてください',
    ],
  ),
  probesFail: both(
    [
      'It runs, but its health checks fail',
      'Correct health in its entry if the check is wrong; otherwise look at what it does',
    ],
    [
      '動いていますが、ヘルスチェックに失敗しています',
      '確認方法が誤っていれば設定の health を直し、そうでなければ処理の内容を調べてください',
    ],
  ),
  waitsForOthers: both(
    ['It waits for a server it depends on', 'Diagnose the server that it waits for'],
    ['依存するサーバーを待っています', '待っている相手のサーバーを診断してください'],
  ),
  endedByItself: both(
    ['It ended by itself', 'Check its args: it may have printed a help text and ended', readLog],
    [
      '自分で終了しました',
      '引数を確認してください。ヘルプを表示して終了した可能性があります',
      readLogJa,
    ],
  ),
  crashedInside: both(
    [
      'Its program crashed in native code',
      'Update it or the native modules it uses, or run it with another version of its runtime',
      readLog,
    ],
    [
      'プログラムがネイティブコードの中で異常終了しました',
      '本体かネイティブモジュールを更新するか、別のバージョンの実行環境を使ってください',
      readLogJa,
    ],
  ),
  crashLoop: both(
    ['It dies again and again after its start, and its last lines fit no known cause', readLog],
    ['起動後の終了を繰り返していますが、最後のログから原因は分かりません', readLogJa],
  ),
  crashed: both(
    ['It died, and its last lines fit no known cause', readLog],
    ['異常終了しましたが、最後のログから原因は分かりません', readLogJa],
  ),
  starting: both(
    ['It is starting', 'Ask again in a moment'],
    ['起動中です', '少し待ってからもう一度診断してください'],
  ),
  unknown: both(['No cause was found', readLog], ['原因は見つかりませんでした', readLogJa]),
} as const satisfies Readonly<Record<string, InBoth>>;

/** What can be amiss with a server, as far as its state, its deaths and its last lines tell. */
export type CauseCode = keyof typeof causeWords;
