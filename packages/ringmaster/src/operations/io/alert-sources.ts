import type { Handlers } from '../index.ts';

/** What the alerts are told of servers and logs, taken from what everybody is told. */
export function alertSources(handlers: Pick<Handlers, 'server.list' | 'log.summary'>) {
  return {
    async servers() {
      const { servers } = await handlers['server.list']({});
      return servers.map(({ server, state, wanted, why, signIn }) => ({
        ...{ server, state, wanted, why },
        needsSignIn: signIn?.state === 'needed' || signIn?.state === 'expired',
      }));
    },
    /** Lines of its log since then; rejects when the log cannot be read now. */
    async logCounts(server: string, sinceMs: number) {
      const asked = { servers: [server], sinceMs, untilMs: undefined };
      const { servers } = await handlers['log.summary'](asked);
      const { error = 0, critical = 0 } = servers[0]?.counts ?? {};
      return { errors: error + critical, critical };
    },
  };
}
