import type { ServerKind } from './fleet.ts';
import type { ServerEntry } from './schema.ts';

/** What is wrong with `auth` of a server: the field below it (undefined: all of it), and what is needed. */
export interface AuthFault {
  readonly field: keyof ServerEntry['auth'] | undefined;
  readonly message: string;
}

/** Rules of `auth` that need more than one field. */
export function authFaults(entry: ServerEntry, kind: ServerKind): readonly AuthFault[] {
  const { auth } = entry;
  const faults: AuthFault[] = [];
  const add = (field: AuthFault['field'], message: string) => faults.push({ field, message });
  const { clientId, clientSecret, privateKeyFile } = auth;
  const isUsed =
    auth.type !== 'auto' || auth.grant !== 'authorization_code' || clientId !== undefined;
  if (isUsed && kind !== 'remote')
    add(undefined, 'is for a server that is only connected to, needed url and no command');
  if (clientSecret !== undefined && clientId === undefined)
    add('clientSecret', 'belongs to a client, needed clientId beside it');
  if (privateKeyFile !== undefined && clientId === undefined)
    add('privateKeyFile', 'belongs to a client, needed clientId beside it');
  if (privateKeyFile !== undefined && clientSecret !== undefined)
    add('privateKeyFile', 'takes the place of clientSecret, needed only one of them');
  if (auth.grant === 'client_credentials') {
    const hasProof = clientSecret !== undefined || privateKeyFile !== undefined;
    if (clientId === undefined || !hasProof)
      add('grant', 'found client_credentials, needed clientId and clientSecret or privateKeyFile');
  }
  const hasHeader = Object.keys(entry.headers).some((name) => /^authorization$/i.test(name));
  if (hasHeader && auth.type === 'oauth')
    add('type', 'found oauth beside a header Authorization, needed only one of them');
  return faults;
}
