import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

/** What a terminal or a reader would act on: control characters but tab and line break, and turned text. */
const acting = /(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;

/** Clears the screen, sets the title, turns text around, and dies of it. */
const script = String.raw`
  console.error('Error: \x1b[2J\x1b]0;title\x07 \u009b31m txt.\u202eexe\u2066 last words');
  setTimeout(() => process.exit(3), 50);
`;

/** All texts of a value, also those of JSON in a text. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => [name, ...textsOf(one)]);
}

test('what a server says reaches neither a terminal nor an agent as more than words', async () => {
  const dies = { command: process.execPath, args: ['-e', script] };
  await using home = createHome({ servers: { dies } });
  const daemon = await home.up('answers');
  await waitFor('its end', async () => {
    const row = await daemon.api<{ state: string }>('/servers/dies');
    return row.state === 'failed';
  });
  for (const words of [
    ...[['status'], ['status', 'dies'], ['logs', 'dies'], ['events'], ['diagnose', 'dies']],
    ...[['alerts'], ['events', '--json'], ['logs', 'dies', '--json'], ['tools']],
  ]) {
    const { stdout, stderr } = await home.run(...words);
    assert.doesNotMatch(stdout + stderr, acting, words.join(' '));
  }
  const logged = await home.run('logs', 'dies');
  assert.match(logged.stdout, /txt\.exe last words/);
  const agent = await daemon.legacy('/control/mcp');
  for (const [name, given] of [
    ['get_logs', { process_name: 'dies' }],
    ['get_log_summary', {}],
    ['diagnose', { name: 'dies' }],
    ['get_process_status', { name: 'dies' }],
    ['list_events', {}],
    ['list_alerts', {}],
  ] as const) {
    const { result } = await agent.request('tools/call', { name, arguments: given });
    assert.ok(result !== undefined && result['isError'] !== true, `${name} failed`);
    for (const text of textsOf(result)) assert.doesNotMatch(text, acting, name);
  }
  const read = await agent.request('resources/read', { uri: 'logs://dies/recent' });
  assert.match(JSON.stringify(read.result), /last words/);
  for (const text of textsOf(read.result)) assert.doesNotMatch(text, acting);
});
