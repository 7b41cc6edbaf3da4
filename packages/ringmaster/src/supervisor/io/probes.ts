import { get } from 'node:http';
import { connect } from 'node:net';
import type { Permit } from './gate.ts';
import { runPermitted } from './run-permitted.ts';

/** One look at a service; rejects with a sentence that says what was found instead. */
export type Probe = (timeoutMs: number) => Promise<void>;

/** Passes on any 2xx answer. Words and query of the address may be secret, so what fails is named without them. */
export function httpProbe(url: string): Probe {
  const shown = shownAddress(url);
  return (timeoutMs) =>
    new Promise((resolve, reject) => {
      const request = get(url, { agent: false, timeout: timeoutMs }, (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve();
        else reject(new Error(`GET ${shown} answered ${status}`));
      });
      request.once('timeout', () =>
        request.destroy(new Error(`GET ${shown} gave no answer in ${timeoutMs} ms`)),
      );
      request.once('error', reject);
    });
}

function shownAddress(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

/** Passes when the port accepts a connection. */
export function tcpProbe(port: number, host = '127.0.0.1'): Probe {
  return (timeoutMs) =>
    new Promise((resolve, reject) => {
      const socket = connect({ port, host, timeout: timeoutMs });
      const finish = (error?: Error) => {
        socket.destroy();
        if (error === undefined) resolve();
        else reject(error);
      };
      socket.once('connect', () => finish());
      socket.once('timeout', () =>
        finish(new Error(`port ${port} gave no answer in ${timeoutMs} ms`)),
      );
      socket.once('error', () => finish(new Error(`nothing listens on port ${port}`)));
    });
}

/** Passes when the command exits with 0; it is killed, with its group, when it is late. */
export function execProbe(
  permit: Permit,
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Probe {
  return (timeoutMs) => runPermitted(permit, { ...options, timeoutMs });
}
