import { open } from 'node:fs/promises';
import { Problem } from '../../errors.ts';

/** Larger configuration files are refused; the largest real ones have some hundred kilobytes. */
export const configSizeMaxBytes = 5_000_000;

/**
 * Reads a configuration file as UTF-8. Rejects with `fleet_not_found` when it is not there and `file_unreadable` when it
 * cannot be read, is a folder, is larger than 5 MB or is no text.
 */
export async function readConfigText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  if (bytes.includes(0)) {
    throw new Problem(
      'file_unreadable',
      `Cannot read ${path}: found binary data, needed UTF-8 text`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `Cannot read ${path}: found bytes that are no UTF-8, needed UTF-8 text`;
    throw new Problem('file_unreadable', message, { cause });
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    await using file = await open(path, 'r');
    const info = await file.stat();
    if (info.isDirectory())
      throw new Problem('file_unreadable', `${path} is a folder, needed a file`);
    if (info.size > configSizeMaxBytes) throw tooLarge(path, info.size);
    // A pipe or device has no size to trust, so the limit is kept while reading.
    const chunks: Buffer[] = [];
    let length = 0;
    while (length <= configSizeMaxBytes) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536), 0, 65_536);
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      length += bytesRead;
    }
    if (length > configSizeMaxBytes) throw tooLarge(path, length);
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw unreadable(path, error);
  }
}

function tooLarge(path: string, sizeBytes: number): Problem {
  return new Problem(
    'file_unreadable',
    `Cannot read ${path}: found ${sizeBytes} bytes, needed at most ${configSizeMaxBytes}`,
  );
}

function unreadable(path: string, cause: unknown): Problem {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new Problem('fleet_not_found', `There is no file ${path}`);
  }
  const why = code === 'EACCES' || code === 'EPERM' ? 'it may not be read' : (code ?? 'unknown');
  return new Problem('file_unreadable', `Cannot read ${path}: ${why}`, { cause });
}
