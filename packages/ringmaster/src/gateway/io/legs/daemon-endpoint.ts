import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { createEventReader } from './event-reader.ts';

/** What one HTTP exchange came to; its messages were handed on as they came. */
export interface Exchanged {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
}

/** The daemon's endpoint, for the one client that `ringmaster connect` serves. */
export interface DaemonEndpoint {
  /** Rejects when the daemon is not there or the answer breaks off. `onSent` gets the means to break it off. */
  exchange(how: {
    readonly method: 'POST' | 'GET' | 'DELETE';
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly onSent?: (abort: () => void) => void;
    readonly onMessage: (text: string, status: number) => void;
    /** Hears where a stream stands, before the message that brought it there. */
    readonly onEventId?: (id: string) => void;
  }): Promise<Exchanged>;
  /** The daemon has another address now. */
  moveTo(url: string): void;
  close(): void;
}

/** Requests under way at once; more wait for a socket. */
const socketsMax = 256;

/** Prepares the endpoint at this URL; connects when first used. */
export function createDaemonEndpoint(url: string, messageMaxLength: number): DaemonEndpoint {
  let endpoint = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: socketsMax });
  return {
    exchange: (how) =>
      new Promise((resolve, reject) => {
        const sent: ClientRequest = httpRequest(endpoint, {
          method: how.method,
          agent,
          headers: {
            accept:
              how.method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
            ...(how.body === undefined
              ? {}
              : {
                  'content-type': 'application/json',
                  'content-length': Buffer.byteLength(how.body),
                }),
            ...how.headers,
          },
        });
        how.onSent?.(() => sent.destroy());
        // Stays for errors that come after the response, which must not end the process.
        sent.on('error', reject);
        sent.once('response', (response) => {
          const status = response.statusCode ?? 0;
          readMessages(response, messageMaxLength, {
            onMessage: (text) => how.onMessage(text, status),
            onEventId: how.onEventId ?? (() => {}),
          });
          response.once('close', () => {
            if (response.complete) resolve({ status, headers: response.headers });
            else reject(new Error('the connection broke off'));
          });
        });
        sent.end(how.body);
      }),
    moveTo(next) {
      endpoint = new URL(next);
    },
    close: () => agent.destroy(),
  };
}

function readMessages(
  response: IncomingMessage,
  maxLength: number,
  to: { readonly onMessage: (text: string) => void; readonly onEventId: (id: string) => void },
): void {
  const decoder = new StringDecoder('utf8');
  const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
  const events = createEventReader(maxLength, ({ id, data }) => {
    if (id !== undefined) to.onEventId(id);
    if (data !== '') to.onMessage(data);
  });
  let whole = '';
  response.on('error', () => {});
  response.on('data', (chunk: Buffer) => {
    const text = decoder.write(chunk);
    if (isStream) events.read(text);
    else whole += text;
    if (whole.length > maxLength || events.isOver()) response.destroy();
  });
  response.once('end', () => {
    if (!isStream && whole !== '') to.onMessage(whole);
  });
}
