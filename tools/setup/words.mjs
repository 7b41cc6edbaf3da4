/** What set-up says, in English or Japanese; everything goes to stderr, as stdout belongs to results. */
const words = {
  installing: ['Installing packages (npm ci)', 'パッケージをインストールしています (npm ci)'],
  installed: ['Packages installed in', 'パッケージをインストールしました。所要時間:'],
  lockRefused: [
    'npm ci refused the lock file here; trying npm install',
    'npm ci がロックファイルを受け付けませんでした。npm install を試します',
  ],
  installFailed: [
    'Packages could not be installed. Check the network and the npm settings, then run the command again',
    'パッケージをインストールできませんでした。ネットワークと npm の設定を確認して、もう一度実行してください',
  ],
  building: ['Building', 'ビルドしています'],
  built: ['Built in', 'ビルドしました。所要時間:'],
  buildFailed: ['The build failed; see above', 'ビルドに失敗しました。上の表示を確認してください'],
  noCodeCache: [
    'The daemon could not be tried here, so its start is slower than it could be',
    'ここではデーモンを試せなかったため、起動が本来より遅くなります',
  ],
  checking: ['Checking:', '検査:'],
  checksPassed: ['All checks passed', 'すべての検査に合格しました'],
  checksFailed: ['Checks failed:', '不合格の検査:'],
  testingUnder: ['Testing under Node', '次の Node でテストします:'],
  matrixPassed: ['Passed under Node', '合格した Node:'],
  matrixFailed: ['Failed under Node', '不合格の Node:'],
  noNode: [
    'There is no npm package with a Node binary for this platform:',
    'このプラットフォーム向けの Node バイナリを含む npm パッケージがありません:',
  ],
  nodeTooOld: [
    'Ringmaster needs Node 20.19 or newer; this is',
    'Ringmaster には Node 20.19 以降が必要です。現在の版:',
  ],
  usage: ['Usage: node tools/setup.mjs', '使い方: node tools/setup.mjs'],
  waiting: [
    'Another set-up is running in this folder; waiting for process',
    'このフォルダーで別のセットアップが実行中です。終了を待っています。プロセス:',
  ],
  debianInstalling: ['Installing Debian packages:', 'Debian パッケージをインストールしています:'],
  debianNeeded: [
    'The tests need these Debian packages. Run as root: apt-get install',
    'テストには次の Debian パッケージが必要です。root で実行してください: apt-get install',
  ],
};

const language = [process.env.LC_ALL, process.env.LC_MESSAGES, process.env.LANG].find(Boolean);
const column = language?.startsWith('ja') ? 1 : 0;

/** One sentence in the reader's language. */
export function sentence(key, detail = '') {
  return detail === '' ? words[key][column] : `${words[key][column]} ${detail}`;
}

/** Tells the person at the terminal. */
export function say(key, detail = '') {
  process.stderr.write(`${sentence(key, detail)}\n`);
}
