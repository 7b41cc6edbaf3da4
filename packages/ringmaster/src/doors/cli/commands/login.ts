import { spawn } from 'node:child_process';
import { Problem } from '../../../errors.ts';
import type { ServerView } from '../../../operations/servers.ts';
import type { DaemonClient } from '../client.ts';
import type { ExitCode, Invocation } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import type { Terminal } from '../terminal.ts';
import { pause } from '../wait.ts';

/** Time between two looks at a sign-in that is under way; a person is at work. */
const lookMs = 500;
/** The daemon asks the server and its authorization server, with deadlines of their own. */
const beginTimeoutMs = 90_000;

/** `ringmaster login SERVER`: exits 1 when nobody signed in, or it was refused. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, options, flags, terminal } = invocation;
  const [server = ''] = words;
  const client = await reachDaemon(flags, terminal);
  const begun = await client.ask('server.login', { server }, { timeoutMs: beginTimeoutMs });
  if (begun.url !== undefined) {
    terminal.note(terminal.say('login.open', { server }));
    // Also with -q: without the address nobody can sign in.
    terminal.complain(begun.url);
    if (options['browser'] !== false) openBrowser(begun.url);
  }
  const row = await settled(client, server);
  const { signIn } = row;
  // With an older sign-in the server may be signed in to, and this one refused all the same.
  if (signIn?.state !== 'signedIn' || signIn.why !== undefined) {
    const why = signIn?.why ?? terminal.say('login.late');
    throw new Problem('sign_in_failed', terminal.say('login.failed', { server, why }));
  }
  if (terminal.json) terminal.resultJson(row);
  else terminal.result(doneText(row, terminal));
  return 0;
}

async function settled(client: DaemonClient, server: string): Promise<ServerView> {
  for (;;) {
    const row = await client.ask('server.get', { server });
    if (row.signIn?.state !== 'underWay') return row;
    await pause(lookMs);
  }
}

function doneText({ server, signIn }: ServerView, { say }: Terminal): string {
  const scopes = signIn?.scopes.join(' ') ?? '';
  const issuer = signIn?.issuer ?? '';
  if (scopes === '') return say('login.done', { server, issuer });
  return say('login.doneScopes', { server, issuer, scopes });
}

/** Asks the desktop to show a page. The address comes from others, so no shell may see it. */
function openBrowser(url: string): void {
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return;
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(program, [href], { stdio: 'ignore', detached: true, shell: false });
  // Without a desktop the address above can be opened by hand.
  child.on('error', () => {});
  child.unref();
}
