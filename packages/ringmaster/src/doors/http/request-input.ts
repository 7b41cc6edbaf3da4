import type { IncomingMessage } from 'node:http';
import { Problem } from '../../errors.ts';

/** Largest JSON body of an operation. */
const maxBodyBytes = 10_485_760;

/**
 * The JSON body, `{}` when it is empty. `application/json` is required even then: a foreign web page cannot send it
 * without asking first (CORS preflight), which it is never granted.
 */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const contentType = request.headers['content-type'];
  const mediaType = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    const found = contentType === undefined ? 'no content type' : JSON.stringify(contentType);
    throw new Problem(
      'bad_request',
      `Cannot read the body: found ${found}, needed content-type application/json`,
    );
  }
  const bytes = await readBytes(request);
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Problem('bad_request', 'Cannot read the body: needed JSON in UTF-8', { cause });
  }
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = (sizeBytes: number): Problem =>
    new Problem(
      'too_large',
      `Cannot read the body: found ${sizeBytes} bytes, needed at most ${maxBodyBytes}`,
    );
  const announcedBytes = Number(request.headers['content-length'] ?? 0);
  if (announcedBytes > maxBodyBytes) throw tooLarge(announcedBytes);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  return new Promise((done, failed) => {
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= maxBodyBytes) chunks.push(chunk);
      else failed(tooLarge(sizeBytes));
    });
    request.once('end', () => done(Buffer.concat(chunks)));
    request.once('error', failed);
    request.once('close', () => failed(new Problem('bad_request', 'The request broke off')));
  });
}

/** The query string as fields; a name that is repeated becomes a list, which no field of an operation accepts. */
export function readQuery(search: string): Record<string, string | string[]> {
  const fields: [string, string | string[]][] = [];
  const query = new URLSearchParams(search);
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    fields.push([name, values.length === 1 ? (values[0] ?? '') : values]);
  }
  return Object.fromEntries(fields);
}
