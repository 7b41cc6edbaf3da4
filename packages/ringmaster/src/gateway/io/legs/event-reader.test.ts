import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createEventReader, type ServerEvent } from './event-reader.ts';

function eventsOf(chunks: readonly string[]): ServerEvent[] {
  const events: ServerEvent[] = [];
  const reader = createEventReader(1_000, (event) => events.push(event));
  for (const chunk of chunks) reader.read(chunk);
  return events;
}

const lines = [': a comment', 'id: 7', 'event: message', 'data: {"a":', 'data: 1}', ''];
const expected = [{ data: '{"a":\n1}', id: '7', name: 'message', retryMs: undefined }];

test('events are the same however their lines end, and however they are cut', () => {
  const ends = fc.constantFrom('\n', '\r\n', '\r');
  const cuts = fc.array(fc.nat(100), { maxLength: 12 });
  const property = fc.property(ends, cuts, fc.boolean(), (end, places, hasMark) => {
    // The same event twice, so that the end of the first meets the beginning of the second.
    const body = [...lines, ...lines].map((line) => line + end);
    const text = (hasMark ? '\ufeff' : '') + body.join('');
    const at = [0, ...places.map((place) => place % text.length), text.length];
    at.sort((a, b) => a - b);
    const chunks = at.slice(1).map((to, before) => text.slice(at[before], to));
    assert.deepEqual(eventsOf(chunks), [...expected, ...expected]);
  });
  fc.assert(property, { numRuns: 300 });
});
