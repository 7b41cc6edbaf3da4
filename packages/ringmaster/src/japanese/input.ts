import type { WordRow } from './interpreter.ts';

/** What is said of the input of an operation; the shapes of zod's English sentences (zod/v4/locales/en). */
export const inputWords: readonly WordRow[] = [
  ['Cannot do {operation}: {why}', '{operation} を実行できません: {why}'],
  ['unknown field', 'この項目はありません'],
  ['did you mean {name}?', '{name} のことですか?'],
  ['Invalid input', '値が正しくありません'],
  ['Invalid input: expected {needed}, received undefined', '値がありません。必要なもの: {needed}'],
  [
    'Invalid input: expected {needed}, received {found}',
    '{found} が渡されました。必要なもの: {needed}',
  ],
  ['Invalid input: expected {needed}', '必要なもの: {needed}'],
  ['Invalid option: expected one of {names}', '選べるのは次のいずれかです: {names}'],
  ['Too big: expected number to be <={limit}', '大きすぎます。上限は {limit} です'],
  ['Too big: expected number to be <{limit}', '大きすぎます。{limit} より小さい値が必要です'],
  ['Too small: expected number to be >={limit}', '小さすぎます。下限は {limit} です'],
  ['Too small: expected number to be >{limit}', '小さすぎます。{limit} より大きい値が必要です'],
  ['Too big: expected int to be <={limit}', '大きすぎます。上限は {limit} です'],
  ['Too big: expected int to be <{limit}', '大きすぎます。{limit} より小さい値が必要です'],
  ['Too small: expected int to be >={limit}', '小さすぎます。下限は {limit} です'],
  ['Too small: expected int to be >{limit}', '小さすぎます。{limit} より大きい値が必要です'],
  ['Too big: expected string to have <={limit} characters', '長すぎます。上限は {limit} 文字です'],
  [
    'Too small: expected string to have >={limit} characters',
    '短すぎます。{limit} 文字以上必要です',
  ],
  ['Too big: expected array to have <={limit} items', '多すぎます。上限は {limit} 個です'],
  ['Too small: expected array to have >={limit} items', '少なすぎます。{limit} 個以上必要です'],
  ['Too big: expected record to have <={limit} properties', '多すぎます。上限は {limit} 個です'],
  ['Invalid string: must match pattern {text}', '次の形式に合いません: {text}'],
  ['Invalid string: must start with {text}', '{text} で始まらなければなりません'],
  ['Invalid number: must be a multiple of {step}', '{step} の倍数でなければなりません'],
  ['Invalid key in {place}', '{place} に使えない名前があります'],
  ['Invalid value in {place}', '{place} に使えない値があります'],
];

/** Types, as zod names them. */
export const inputPhrases: readonly WordRow[] = [
  ['string', '文字列'],
  ['number', '数値'],
  ['NaN', '数値でない値'],
  ['int', '整数'],
  ['boolean', '真偽値'],
  ['array', 'リスト'],
  ['object', '名前と値のまとまり'],
  ['record', '名前と値のまとまり'],
  ['nonoptional', '値'],
];
