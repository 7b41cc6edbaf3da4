import type { Clock } from '../../clock.ts';
import { messageChain } from '../../errors.ts';
import { expandText } from '../../fleet/expand.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { judgeBody, judgeStatus, type Taken } from '../answer.ts';
import { type ExportMessage, toProtobuf } from '../protobuf.ts';

/** What can be sent, as its address and the events call it. */
export type Signal = 'traces' | 'metrics';

const messageOf: Readonly<Record<Signal, ExportMessage>> = {
  traces: 'ExportTraceServiceRequest',
  metrics: 'ExportMetricsServiceRequest',
};
/** Most of an answer that is read. */
const answerMaxBytes = 65_536;
const utf8 = new TextEncoder();

/** Where a message goes, and how. */
export interface Posting {
  readonly signal: Signal;
  readonly settings: Fleet['telemetry'] & { readonly otlp: string };
  readonly timeoutMs: number;
}

/** What `${VAR}` in headers stands for, looked up anew for each message. */
export type Variables = () => Promise<Readonly<Record<string, string | undefined>>>;

/** Sends one message of OTLP; never rejects. */
export async function postToCollector(
  body: object,
  { signal, settings, timeoutMs }: Posting,
  needs: { readonly variables: Variables; readonly clock: Pick<Clock, 'nowMs'> },
): Promise<Taken> {
  const isJson = settings.protocol === 'http/json';
  try {
    const response = await fetch(`${settings.otlp.replace(/\/+$/, '')}/v1/${signal}`, {
      method: 'POST',
      headers: {
        ...(await expand(settings.headers, needs.variables)),
        'content-type': isJson ? 'application/json' : 'application/x-protobuf',
      },
      body: isJson
        ? JSON.stringify(body)
        : toProtobuf(messageOf[signal], body, (text) => utf8.encode(text)),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const pauseMs = pauseOf(response.headers.get('retry-after'), needs.clock.nowMs());
    const judged = judgeStatus(response.status, pauseMs);
    if (judged === undefined && isJson) return judgeBody(await jsonOf(response));
    await response.body?.cancel();
    return judged ?? { kind: 'taken' };
  } catch (error) {
    return { kind: 'later', why: messageChain(error) };
  }
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); undefined when it is neither. */
function pauseOf(retryAfter: string | null, nowMs: number): number | undefined {
  if (retryAfter === null) return undefined;
  const isSeconds = /^\d+$/.test(retryAfter);
  const pauseMs = isSeconds ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - nowMs;
  return Number.isFinite(pauseMs) ? Math.max(0, pauseMs) : undefined;
}

async function expand(headers: Readonly<Record<string, string>>, lookUp: Variables) {
  const names = Object.entries(headers);
  const variables = names.length === 0 ? {} : await lookUp();
  return Object.fromEntries(
    names.map(([name, given]) => {
      const { text, missing } = expandText(given, (variable) => variables[variable]);
      if (missing.length > 0) throw new Error(`found no value for ${missing.join(', ')}`);
      return [name, text];
    }),
  );
}

/** The body as JSON; one that is long, or none, says nothing. */
async function jsonOf(response: Response): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.length > answerMaxBytes) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    // Whoever answers 200 has taken it, whatever else it says.
    return undefined;
  }
}
