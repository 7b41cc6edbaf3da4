import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPageLoader } from './page-loader.ts';

function browser(isReachable = true) {
  const state: { reloads: number; nowMs: number; renewedAtMs: number | undefined } = {
    ...{ reloads: 0, nowMs: 1_000_000, renewedAtMs: undefined },
  };
  const open = () =>
    createPageLoader({
      renewedAtMs: () => state.renewedAtMs,
      setRenewedAtMs(atMs) {
        state.renewedAtMs = atMs;
      },
      nowMs: () => state.nowMs,
      isReachable: async () => isReachable,
      reload() {
        state.reloads += 1;
      },
    });
  return { open, state };
}
const gone = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
const soon = () => new Promise((done) => setImmediate(done));

test('a part that is no longer served loads the page anew once, and that is told', async () => {
  const { open, state } = browser();
  const first = open();
  assert.equal(first.wasRenewed(), false);
  void first.load(gone);
  await soon();
  assert.equal(state.reloads, 1);
  const second = open();
  assert.equal(second.wasRenewed(), true);
  assert.equal(second.wasRenewed(), false);
  await assert.rejects(second.load(gone), /dynamically imported/);
  assert.equal(state.reloads, 1);
});

test('the next update is helped with, too', async () => {
  const { open, state } = browser();
  void open().load(gone);
  await soon();
  state.nowMs += 60_000;
  const later = open();
  assert.equal(later.wasRenewed(), false);
  void later.load(gone);
  await soon();
  assert.equal(state.reloads, 2);
});

test('without the daemon the page stays as it is', async () => {
  const { open, state } = browser(false);
  await assert.rejects(open().load(gone), /dynamically imported/);
  assert.equal(state.reloads, 0);
});

test('what is there is just loaded', async () => {
  assert.equal(
    await browser()
      .open()
      .load(async () => 'page'),
    'page',
  );
});
