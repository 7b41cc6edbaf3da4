import type { Terminal } from './terminal.ts';

/** What the daemon gets to close its journal once its servers are dead. */
const tidyMs = 2_000;

/**
 * Signals this close together are one: for one Ctrl-C the terminal signals the whole group, and npm passes it on once
 * more.
 */
const sameSignalMs = 100;

/** Ctrl-C and SIGTERM of a daemon in the foreground. */
export interface StopSignals {
  /** Aborts at the first one. */
  readonly asked: AbortSignal;
  /** Resolves with its name. */
  readonly wait: Promise<string>;
  dispose(): void;
}

/**
 * The first signal asks for an orderly stop; the second ends the servers without waiting for calls in flight; the
 * third leaves at once, and what is left is ended by the watcher that outlives the daemon.
 */
export function createStopSignals(dataDir: string, terminal: Terminal): StopSignals {
  const controller = new AbortController();
  let count = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  let resolve: (signal: string) => void = () => undefined;
  const wait = new Promise<string>((done) => {
    resolve = done;
  });
  const onSignal = (signal: NodeJS.Signals) => {
    const nowMs = performance.now();
    const isSame = nowMs - lastMs < sameSignalMs;
    lastMs = nowMs;
    if (isSame) return;
    count += 1;
    if (count === 1) {
      resolve(signal);
      controller.abort();
      return;
    }
    if (count > 2) process.exit(1);
    terminal.note(terminal.say('up.hardStop'));
    void endNow(dataDir).finally(() => setTimeout(() => process.exit(1), tidyMs).unref());
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    asked: controller.signal,
    wait,
    dispose() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}

async function endNow(dataDir: string): Promise<void> {
  const { endOrphans } = await import('../../supervisor/io/end-orphans.ts');
  await endOrphans(dataDir, { graceMaxMs: 0 });
}
