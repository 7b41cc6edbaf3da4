import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Credential } from '../../sign-in.ts';
import { aesKeyBytes, decrypt, encrypt } from '../aes.ts';

/** Credentials kept at most; beyond it the one written longest ago goes. */
const credentialsMax = 1_000;
/** Bound into the seal, so that no other file of ours passes for this one. */
const purpose = 'ringmaster credentials 1';

/** Credentials of servers, sealed on disk. */
export interface Vault {
  /** With this authorization server. */
  get(where: { server: string; url: string; issuer: string }): Credential | undefined;
  /** The one written last, whichever authorization server it is with. */
  newest(server: string, url: string): Credential | undefined;
  put(credential: Credential): void;
  /** Forgets all of a server. */
  remove(server: string): void;
}

/**
 * Credentials in `credentials` (mode 0600), sealed with AES-256-GCM by a key in `credentials.key` (mode 0600), both in
 * the data directory. Read at first use; each change is on disk when the call returns, as a refresh token that was
 * replaced and lost costs a person a new sign-in. A file that cannot be opened is put aside and told to `report`.
 */
export function createVault(needs: {
  readonly folder: string;
  readonly report: (sentence: string) => void;
}): Vault {
  const file = join(needs.folder, 'credentials');
  let opened: Map<string, Credential> | undefined;

  function all(): Map<string, Credential> {
    opened ??= read();
    return opened;
  }

  function read(): Map<string, Credential> {
    const sealed = readIfThere(file);
    if (sealed === undefined) return new Map();
    try {
      const credentials = JSON.parse(
        decrypt(sealed, readKey(needs.folder), purpose),
      ) as Credential[];
      return new Map(credentials.map((one) => [keyOf(one), one]));
    } catch {
      // The words of the error could hold a piece of what it failed to read.
      renameSync(file, `${file}.unreadable`);
      needs.report(`Cannot open ${file}; put aside, servers need a new sign-in`);
      return new Map();
    }
  }

  function write(): void {
    const text = JSON.stringify([...all().values()]);
    replace(file, encrypt(text, readKey(needs.folder), purpose));
  }

  return {
    get: (where) => all().get(keyOf({ ...where, principal: 'local' })),
    newest: (server, url) =>
      [...all().values()].findLast((one) => one.server === server && one.url === url),
    put(credential) {
      const credentials = all();
      const key = keyOf(credential);
      credentials.delete(key);
      credentials.set(key, credential);
      const oldest =
        credentials.size > credentialsMax ? credentials.keys().next().value : undefined;
      if (oldest !== undefined) credentials.delete(oldest);
      write();
    },
    remove(server) {
      const credentials = all();
      const gone = [...credentials].filter(([, one]) => one.server === server);
      for (const [key] of gone) credentials.delete(key);
      if (gone.length > 0) write();
    },
  };
}

function keyOf(of: Pick<Credential, 'server' | 'url' | 'issuer' | 'principal'>): string {
  return JSON.stringify([of.server, of.url, of.issuer, of.principal]);
}

/** The key of this folder, made at first use. */
function readKey(folder: string): Buffer {
  const file = join(folder, 'credentials.key');
  const known = readIfThere(file);
  if (known?.length === aesKeyBytes) return known;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = randomBytes(aesKeyBytes);
  replace(file, key);
  return key;
}

function replace(file: string, bytes: Buffer): void {
  const temporary = `${file}.${process.pid}.new`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
