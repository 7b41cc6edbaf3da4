import assert from 'node:assert/strict';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { createBodies } from './bodies.ts';
import { until } from './testing/raw-client.ts';

const totalBytes = 1_000_000;
const bodies = createBodies(totalBytes);
const ends: string[] = [];
const site = createServer((request, response) => {
  const answer = (what: string): void => {
    ends.push(what);
    response.writeHead(200).end(what);
  };
  bodies.read({ request, response }, 600_000, {
    onText: (text) => answer(text === undefined ? 'not UTF-8' : `${text.length} of ${text[0]}`),
    onTooLarge: () => answer('too large'),
    onCrowded: () => answer(`crowded ${request.url}`),
  });
});
await new Promise<void>((resolve) => {
  site.listen(0, '127.0.0.1', resolve);
});
after(() => {
  site.closeAllConnections();
  site.close();
});

/** A request whose body is written piece by piece. */
function begin(path = '/') {
  const { port } = site.address() as AddressInfo;
  const headers = { connection: 'keep-alive' };
  const to = { port, host: '127.0.0.1', method: 'POST', path, headers, agent: false } as const;
  const sent = httpRequest(to);
  sent.on('error', () => {});
  let connection: string | undefined;
  const answer = new Promise<string>((resolve) => {
    sent.on('response', (response) => {
      let text = '';
      connection = response.headers.connection;
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
  });
  return { sent, answer, connection: () => connection };
}

const whole: readonly (readonly [string, readonly (string | Buffer)[], string])[] = [
  ['one piece', ['aaaa'], '4 of a'],
  ['many pieces of one byte', new Array(5_000).fill('b'), '5000 of b'],
  ['a letter cut in two', [Buffer.from([0xe6, 0x97]), Buffer.from([0xa5])], '1 of 日'],
  ['a mark at its beginning', ['\ufeffaa'], '2 of a'],
  ['bytes that are no text', [Buffer.from([0x61, 0xff]), Buffer.from([0x62])], 'not UTF-8'],
  ['more than may be', ['c'.repeat(400_000), 'c'.repeat(400_000)], 'too large'],
];
for (const [name, pieces, expected] of whole)
  test(`a body of ${name}: ${expected}`, async () => {
    const { sent, answer } = begin();
    for (const piece of pieces) sent.write(piece);
    sent.end();
    assert.equal(await answer, expected);
  });

test('bodies that never end share a bounded memory: one is given up, others are read', async () => {
  const before = ends.length;
  const hanging = [1, 2, 3, 4].map((at) => begin(`/${at}`));
  for (const [at, { sent }] of hanging.entries()) sent.write('d'.repeat(100_000 * (at + 1)));
  await until('one is given up', () => ends.length > before);
  const given = ends[before] ?? '';
  assert.match(given, /^crowded/);
  const crowded = hanging[Number(given.at(-1)) - 1];
  assert.equal(await crowded?.answer, given);
  assert.equal(crowded?.connection(), 'close', 'what is left of the body is not waited for');
  const { sent, answer, connection } = begin();
  sent.write('e');
  sent.end('e');
  assert.equal(await answer, '2 of e');
  assert.notEqual(connection(), 'close');
  for (const one of hanging) one.sent.destroy();
});
