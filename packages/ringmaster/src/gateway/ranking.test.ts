import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRanking, termsOf } from './ranking.ts';

for (const [text, terms] of [
  ['read_file', ['read', 'file']],
  ['readTextFiles', ['read', 'text', 'file']],
  ['Lists the queries of a bus', ['list', 'query', 'bus']],
  ['status', ['status']],
  ['ファイルを読む', ['ファ', 'ァイ', 'イル', 'ルを', 'を読', '読む']],
  ['ﾌｧｲﾙ', ['ファ', 'ァイ', 'イル']],
  ['PDFを作る', ['pdf', 'を作', '作る']],
  ['木', ['木']],
  ['', []],
  ['😀 --- !', []],
] as const) {
  test(`${JSON.stringify(text)} has the words ${JSON.stringify(terms)}`, () => {
    assert.deepEqual(termsOf(text), terms);
  });
}

const documents = [
  ['read_file', 'Read the contents of a file'],
  ['write_file', 'Create or overwrite a file'],
  ['create_issue', 'Open a new issue in a repository'],
  ['天気予報', '指定した都市の天気予報を取得する'],
  ['翻訳', '文章を別の言語に翻訳する'],
].map(([name = '', text = '']) => ({
  fields: [
    { text: name, weight: 3 },
    { text, weight: 1 },
  ],
}));
const ranking = createRanking(documents);

for (const [query, first] of [
  ['read a file', 0],
  ['overwrite files', 1],
  ['issues', 2],
  ['repo', 2],
  ['明日の天気を知りたい', 3],
  ['英語に翻訳して', 4],
] as const) {
  test(`"${query}" finds ${documents[first]?.fields[0]?.text} first`, () => {
    assert.equal(ranking.find(query, 5)[0]?.at, first);
  });
}

test('what no word fits is not found, and no more than asked for', () => {
  assert.deepEqual(ranking.find('quantum', 5), []);
  assert.deepEqual(ranking.find('', 5), []);
  assert.equal(ranking.find('file', 1).length, 1);
  assert.deepEqual(createRanking([]).find('file', 5), []);
});
