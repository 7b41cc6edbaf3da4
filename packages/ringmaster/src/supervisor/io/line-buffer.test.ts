import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLineClassifier } from '../log-level.ts';
import { newLineState } from '../log-trace.ts';
import { createLineBuffer } from './line-buffer.ts';

const mark = '\n [ringmaster] the line goes on: ';

/** Everything that is handed over when output comes in these chunks. */
function handedOver(chunks: readonly Buffer[]): Buffer {
  const written: Buffer[] = [];
  const buffer = createLineBuffer((lines) => {
    assert.equal(lines.at(-1), 10, 'whole lines only');
    written.push(Buffer.from(lines));
  });
  for (const chunk of chunks) buffer.push(chunk);
  buffer.finish();
  return Buffer.concat(written);
}

test('whatever the chunks, what is handed over is what came, and a last line gets its end', () => {
  const chunk = fc
    .string({ unit: fc.constantFrom('\n', '\r', '\0', 'a', 'ログ', '😀'), maxLength: 50 })
    .map((text) => Buffer.from(text));
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 30 }), (chunks) => {
      const whole = Buffer.concat(chunks).toString();
      const ended = whole === '' || whole.endsWith('\n') ? whole : `${whole}\n`;
      assert.equal(handedOver(chunks).toString(), ended);
    }),
  );
});

test('a line that never ends is broken between two characters, is marked, and stays one entry', () => {
  for (const shift of [0, 1, 2]) {
    const line = `${'x'.repeat(shift)}${'語'.repeat(1_000_000)} ERROR`;
    const bytes = Buffer.from(`${line}\nnext\n`);
    const chunks = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, at) =>
      bytes.subarray(at * 65_536, (at + 1) * 65_536),
    );
    const handed = handedOver(chunks);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(handed);
    assert.equal(text.split(mark).length, 3);
    assert.equal(text.replaceAll(mark, ''), `${line}\nnext\n`);
    const classifier = createLineClassifier();
    const state = newLineState();
    const begins: boolean[] = [];
    for (let from = 0; from < handed.length; ) {
      const to = handed.indexOf(10, from);
      begins.push(classifier.next(handed, { from, to }, state));
      from = to + 1;
    }
    assert.deepEqual(begins, [true, false, false, true]);
  }
});

test('bytes that are no text are broken, too, and none is lost', () => {
  const bytes = Buffer.alloc(2_500_000, 0x80);
  const handed = handedOver([bytes]);
  const marks = handed.toString('latin1').split(mark);
  assert.equal(marks.join(''), `${bytes.toString('latin1')}\n`);
});

test('the last lines include what has no end yet', () => {
  const buffer = createLineBuffer(() => {});
  buffer.push(Buffer.from('one\ntwo\nthr'));
  assert.deepEqual(buffer.lastLines(2), ['two', 'thr']);
});

test('of much output the last lines are the last, and whole', () => {
  const buffer = createLineBuffer(() => {});
  const line = (at: number) => `line ${at} ${'x'.repeat(at % 90)}`;
  for (let at = 0; at < 5_000; at += 1) buffer.push(Buffer.from(`${line(at)}\n`));
  const lines = buffer.lastLines(100);
  assert.deepEqual(
    lines,
    Array.from({ length: 100 }, (_, at) => line(4_900 + at)),
  );
});
