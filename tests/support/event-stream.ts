import { waitFor } from './wait.ts';

/** A message as a test looks at it. */
export interface Heard {
  readonly id?: unknown;
  readonly method?: string;
  readonly result?: { readonly content: readonly { readonly text: string }[] };
  readonly error?: { readonly message: string };
}

/** An open stream of server-sent events. */
export interface Events {
  /** Of the newest event that has one. */
  lastEventId(): string | undefined;
  /** Methods of the notifications so far. */
  methods(): string[];
  /** The reply with this id, once it came. */
  reply(id: unknown): Promise<Heard>;
  close(): void;
}

/** Opens a stream: by GET, or by POST when there is a body. It may break off, as when the daemon dies. */
export async function openStream(
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<Events> {
  const abort = new AbortController();
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const accept = body === undefined ? 'text/event-stream' : 'application/json, text/event-stream';
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { accept, ...type, ...headers },
    signal: abort.signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  const heard: Heard[] = [];
  let lastEventId: string | undefined;
  const take = (event: string): void => {
    lastEventId = /^id: ?(.+)$/m.exec(event)?.[1] ?? lastEventId;
    const data = /^data: (\S.*)$/m.exec(event)?.[1];
    if (data !== undefined) heard.push(JSON.parse(data));
  };
  void read(response, take);
  return {
    lastEventId: () => lastEventId,
    methods: () => heard.flatMap(({ method }) => method ?? []),
    reply: (id) => waitFor(`the reply to ${id}`, () => heard.find((one) => one.id === id)),
    close: () => abort.abort(),
  };
}

async function read(response: Response, take: (event: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body ?? []) {
      const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      events.forEach(take);
    }
  } catch {
    // It broke off, or was closed: what came before counts.
  }
}
