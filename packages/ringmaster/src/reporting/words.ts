import type { Advice } from './advice.ts';
import type { Indicator } from './indicators.ts';

/** Languages a report can be written in. */
export const reportLanguages = ['en', 'ja'] as const;
/** One of them. */
export type ReportLanguage = (typeof reportLanguages)[number];

/** A sentence about an advice, from values that are already text. */
type Sentence = (server: string, values: Readonly<Record<string, string>>) => string;

/** Every word of a report in one language. */
export interface Words {
  readonly title: string;
  readonly nothing: string;
  readonly glance: string;
  readonly servers: string;
  readonly machine: string;
  readonly availability: string;
  readonly advice: string;
  readonly noAdvice: string;
  readonly alerts: string;
  readonly noAlerts: string;
  readonly rule: string;
  readonly about: string;
  readonly fired: string;
  readonly course: string;
  readonly figure: string;
  readonly level: string;
  readonly value: string;
  readonly mean: string;
  readonly largest: string;
  readonly newest: string;
  readonly server: string;
  readonly calls: string;
  readonly failed: string;
  readonly cpu: string;
  readonly memory: string;
  readonly disk: string;
  readonly deaths: string;
  readonly objective: string;
  readonly down: string;
  readonly allowed: string;
  readonly spent: string;
  readonly unknown: string;
  readonly state: string;
  readonly met: string;
  readonly missed: string;
  readonly tooLittle: string;
  range(from: string, to: string, zone: string): string;
  storedFrom(at: string): string;
  readonly nothingStored: string;
  basis(step: string): string;
  change(setting: string, from: string, to: string): string;
  readonly indicators: Readonly<Record<Indicator['name'], string>>;
  readonly levels: Readonly<Record<Indicator['level'], string>>;
  readonly curves: Readonly<Record<'cpuPercent' | 'memoryPercent' | 'calls', string>>;
  readonly advices: Readonly<Record<Advice['kind'], Sentence>>;
}

const english: Words = {
  title: 'Report on',
  nothing: '-',
  glance: 'At a glance',
  servers: 'Servers',
  machine: 'Machine',
  availability: 'Availability',
  advice: 'What one could do',
  noAdvice: 'The figures of this time are no ground for any advice.',
  alerts: 'Alerts',
  noAlerts: 'The journal holds no alert of this time.',
  rule: 'Rule',
  about: 'About',
  fired: 'Fired',
  course: 'Course',
  figure: 'Figure',
  level: 'Level',
  value: 'Value',
  mean: 'Mean',
  largest: 'Largest',
  newest: 'Newest',
  server: 'Server',
  calls: 'Calls',
  failed: 'Failed',
  cpu: 'CPU',
  memory: 'Memory',
  disk: 'Disk',
  deaths: 'Deaths',
  objective: 'Objective',
  down: 'Down',
  allowed: 'Allowed',
  spent: 'Spent',
  unknown: 'Not known',
  state: 'State',
  met: 'met',
  missed: 'missed',
  tooLittle: 'too little data',
  range: (from, to, zone) => `From ${from} to ${to} (${zone}).`,
  storedFrom: (at) =>
    `Stored figures begin at ${at}: of the time before, nothing is known, and what follows is about the rest.`,
  nothingStored: 'No figures of this time are stored.',
  basis: (step) =>
    `From figures stored every ${step}. Availability is that of the time in which a server was wanted and the daemon watched; what nobody watched is not known, and counts neither way.`,
  change: (setting, from, to) => `Change ${setting} from ${from} to ${to}.`,
  indicators: {
    response: 'Response (95 of 100 calls within)',
    cacheMisses: 'Cache misses (no answer is cached)',
    errors: 'Calls that failed',
    sessions: 'Sessions open at once',
    memory: 'Memory of the heaviest server',
  },
  levels: { good: 'good', fair: 'fair', poor: 'poor', unknown: 'not known' },
  curves: { cpuPercent: 'CPU of the machine, %', memoryPercent: 'Memory, %', calls: 'Calls' },
  advices: {
    objectiveMissed: (server, of) =>
      `${server} was available for ${of['availabilityPercent']} of the time, wanted ${of['objectivePercent']}: it was down for ${of['downMs']}, in ${of['deaths']} deaths. See ringmaster events ${server}.`,
    oftenDead: (server, of) =>
      `${server} died ${of['deaths']} times. Its last words are in ringmaster logs ${server}.`,
    oftenFailing: (server, of) =>
      `${of['failed']} of ${of['calls']} calls to ${server} failed (${of['failedPercent']}).`,
    slow: (server, of) =>
      `5 of 100 calls to ${server} took longer than ${of['p95Ms']} (of ${of['calls']} calls).`,
    limitNear: (server, of) =>
      `${server} used up to ${of['memoryBytes']} of the ${of['limitBytes']} of memory above which it is restarted.`,
    unused: (server, of) =>
      `${server} was up for ${of['upMs']} and nobody called it${of['memoryBytes'] === undefined ? '' : `; it holds ${of['memoryBytes']}`}.`,
    machineBusy: (_, of) =>
      `The machine was busy: CPU ${of['percent']} in the mean of ${of['samples']} samples.`,
    memoryShort: (_, of) =>
      `Memory is short: ${of['percent']} in use in the mean of ${of['samples']} samples.`,
    diskShort: (_, of) => `The disk of the data directory is ${of['percent']} full.`,
    tooLittle: (_, of) =>
      `Too little data: figures of ${of['knownMs']} are stored of this time; ${of['neededMs']} are needed before load, memory and availability are judged.`,
  },
};

const japanese: Words = {
  title: 'レポート:',
  nothing: '-',
  glance: '概況',
  servers: 'サーバー',
  machine: 'マシン',
  availability: '稼働率',
  advice: '推奨事項',
  noAdvice: 'この期間の数値からは、推奨することはありません。',
  alerts: 'アラート',
  noAlerts: 'この期間のアラートの記録はありません。',
  rule: 'ルール',
  about: '対象',
  fired: '発生回数',
  course: '推移',
  figure: '項目',
  level: '評価',
  value: '値',
  mean: '平均',
  largest: '最大',
  newest: '最新',
  server: 'サーバー',
  calls: '呼び出し',
  failed: '失敗',
  cpu: 'CPU',
  memory: 'メモリ',
  disk: 'ディスク',
  deaths: '異常終了',
  objective: '目標',
  down: '停止時間',
  allowed: '許容時間',
  spent: '消費',
  unknown: '不明',
  state: '状態',
  met: '達成',
  missed: '未達',
  tooLittle: 'データ不足',
  range: (from, to, zone) => `期間: ${from} から ${to} まで (${zone})。`,
  storedFrom: (at) =>
    `保存された数値は ${at} からです。それより前は不明で、以下は残りの期間についてのものです。`,
  nothingStored: 'この期間の数値は保存されていません。',
  basis: (step) =>
    `${step} ごとに保存された数値に基づきます。稼働率は、サーバーが必要とされ、デーモンが見ていた時間についてのものです。誰も見ていなかった時間は不明とし、どちらにも数えません。`,
  change: (setting, from, to) => `${setting} を ${from} から ${to} に変更してください。`,
  indicators: {
    response: '応答 (95 % の呼び出し)',
    cacheMisses: 'キャッシュミス (応答のキャッシュなし)',
    errors: '失敗した呼び出し',
    sessions: '同時に開いたセッション',
    memory: '最も大きいサーバーのメモリ',
  },
  levels: { good: '良好', fair: '注意', poor: '不良', unknown: '不明' },
  curves: { cpuPercent: 'マシンの CPU (%)', memoryPercent: 'メモリ (%)', calls: '呼び出し数' },
  advices: {
    objectiveMissed: (server, of) =>
      `${server} の稼働率は ${of['availabilityPercent']} で、目標の ${of['objectivePercent']} に届きません。停止時間は ${of['downMs']}、異常終了は ${of['deaths']} 回です。ringmaster events ${server} を確認してください。`,
    oftenDead: (server, of) =>
      `${server} は ${of['deaths']} 回異常終了しました。最後の出力は ringmaster logs ${server} にあります。`,
    oftenFailing: (server, of) =>
      `${server} への呼び出し ${of['calls']} 回のうち ${of['failed']} 回が失敗しました (${of['failedPercent']})。`,
    slow: (server, of) =>
      `${server} への呼び出しの 5 % が ${of['p95Ms']} を超えました (${of['calls']} 回中)。`,
    limitNear: (server, of) =>
      `${server} のメモリ使用量は最大 ${of['memoryBytes']} で、再起動の上限 ${of['limitBytes']} に迫っています。`,
    unused: (server, of) =>
      `${server} は ${of['upMs']} 稼働しましたが、一度も呼ばれていません${of['memoryBytes'] === undefined ? '' : ` (メモリ ${of['memoryBytes']})`}。`,
    machineBusy: (_, of) =>
      `マシンの負荷が高い状態です。CPU は平均 ${of['percent']} (${of['samples']} 回の測定)。`,
    memoryShort: (_, of) =>
      `メモリが不足しています。使用率は平均 ${of['percent']} (${of['samples']} 回の測定)。`,
    diskShort: (_, of) => `データディレクトリのディスクは ${of['percent']} 使用されています。`,
    tooLittle: (_, of) =>
      `データが不足しています。この期間に保存された数値は ${of['knownMs']} です。負荷、メモリ、稼働率の評価には ${of['neededMs']} 必要です。`,
  },
};

/** The words of a language. */
export function wordsOf(language: ReportLanguage): Words {
  return language === 'ja' ? japanese : english;
}
