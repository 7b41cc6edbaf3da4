import type { Supervisor } from '../supervisor.ts';

/** A server that waited for a sign-in is opened with it; one whose sign-in ended must ask for it again. */
export async function reopen(
  supervisor: Pick<Supervisor, 'views' | 'restart'>,
  server: string,
  how: 'signedIn' | 'signedOut',
): Promise<void> {
  const isWaiting = supervisor
    .views()
    .some(
      (view) =>
        view.server === server &&
        view.wanted === 'running' &&
        (how === 'signedOut' || view.state !== 'ready'),
    );
  if (!isWaiting) return;
  // How that went is told by the journal and by the state of the server.
  await supervisor.restart(server, 'sign-in').catch(() => {});
}
