import type { ProblemCode } from '../errors.ts';

/** What to do about each kind of error, in Japanese; English stands in the catalogue itself. */
export const japaneseHints: Readonly<Record<ProblemCode, string>> = {
  bad_request: '入力を docs/reference/operations.md と見比べてください',
  alert_not_found: 'ringmaster alerts で発生中のアラートを確認してください',
  silence_not_found: 'ringmaster alerts で通知停止の一覧を確認してください',
  notifier_not_found: 'ringmaster alerts rules で通知先の一覧を確認してください',
  report_not_found: 'ringmaster report list で名前を確認してください',
  schedule_not_found: 'ringmaster schedule で名前を確認してください',
  schedule_running: '終わるまで待ってください。同じスケジュールが同時に二度動くことはありません',
  key_reused: '新しい要求ごとに新しい Idempotency-Key を使ってください',
  outcome_unknown:
    'ringmaster audit で現状を確認し、まだ足りないことだけを新しい Idempotency-Key で要求してください',
  keys_full:
    'Retry-After の秒数だけ待つか、二度実行されても害がなければキーを付けずに送ってください',
  answer_not_kept: 'すでに実行されています。現状を確認し、同じ要求を送り直さないでください',
  bad_usage: 'コマンドに --help を付けて実行してください',
  fleet_invalid: '上に示した行を直してから、ringmaster validate を実行してください',
  fleet_not_found: 'ringmaster init で作成するか、--file で指定してください',
  fleet_exists: '--file で別のパスを選ぶか、今あるファイルを編集してください',
  service_exists: 'そのファイルを別の場所へ移すか、構成に別の名前を付けてください',
  client_config_invalid: 'ファイルが docs/guides/clients.md にある形式かどうか確認してください',
  server_exists: '別の名前を選ぶか、既存の設定を編集してください',
  server_not_found: 'ringmaster status でサーバーの一覧を確認してください',
  view_not_found: 'ビューは構成ファイルの views に書かれています',
  fleet_changed: 'ファイルを読み直し、現在の内容に変更を加えてから保存してください',
  call_not_found: 'ringmaster calls で呼び出しの一覧を確認してください。古いものは記録から消えます',
  tool_not_found: 'ringmaster tools でツールの一覧を確認してください',
  profile_not_found: '構成ファイルで定義しているプロファイルを指定してください',
  method_not_allowed: 'allow ヘッダーにあるメソッドを使ってください',
  operation_not_found: '利用できる操作は docs/reference/operations.md をご覧ください',
  not_supported: 'この種類のサーバーでできることは docs/reference/fleet-file.md をご覧ください',
  daemon_unreachable:
    'ringmaster up で起動するか、--data-dir でデーモンのフォルダーを指定してください',
  daemon_stopping: '停止が終わるのを待ってから、ringmaster up で起動してください',
  daemon_running:
    'そのデーモンを使うか、ringmaster down で停止するか、別の --data-dir を選んでください',
  daemon_failed: '上に示したデーモンの最後の出力を確認してください',
  data_unwritable:
    '空き容量を増やすか、データフォルダーをデーモンのユーザーのものにするか、別の --data-dir を選んでください',
  journal_unusable: 'そのファイルを別の場所へ移して起動し直すか、別の --data-dir を選んでください',
  port_in_use:
    '別のポートを指定するか (listen.port または --port、サーバーなら port: auto)、そのプロセスを停止してください',
  spawn_refused:
    'このプログラムを動かすには、サーバーの設定か構成ファイルの spawn を変更してください',
  approval_needed: '実行内容を確認してから ringmaster approve NAME を実行してください',
  sign_in_needed: 'ringmaster login NAME でサインインしてください',
  sign_in_failed: '認可サーバーに必要な機能は docs/guides/remote-servers.md をご覧ください',
  spawn_failed: 'コマンドが存在し、実行できることを確認してください',
  server_down: '理由は ringmaster status NAME と ringmaster logs NAME で確認してください',
  server_busy: 'もう一度試すか、このサーバーの limits.maxInFlight を大きくしてください',
  reload_failed:
    '古いインスタンスは動き続けています。原因は ringmaster logs NAME で確認してください',
  call_lost: '呼び出しは実行された可能性があります。繰り返す前に確認してください',
  call_late: '処理に時間がかかるサーバーなら、limits.callTimeoutMs を大きくしてください',
  conversation_failed: 'サーバーの出力を ringmaster logs NAME で確認してください',
  too_large: '送る量を減らすか、listen.maxBodyBytes を大きくしてください',
  forbidden_origin:
    '別の Web ページやホスト名を経由せず、127.0.0.1 または localhost を直接呼び出してください',
  file_unreadable: 'ファイルが存在すること、その権限、ディスクの空き容量を確認してください',
  search_busy: 'しばらく待ってもう一度試すか、--since と --until で期間を短くしてください',
  unsupported_platform: 'Linux または macOS で実行してください',
  bug: '上のスタックトレースを添えて報告してください',
};
