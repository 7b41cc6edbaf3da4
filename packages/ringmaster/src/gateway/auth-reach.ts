/** How far away an address is; the nearer, the more an outsider could do with a request of ours to it. */
export type Nearness = 'public' | 'private' | 'loopback' | 'forbidden';

/** A block of addresses: its first address, the length of its prefix in bits. */
export interface AddressBlock {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
  readonly nearness: Exclude<Nearness, 'public'>;
}

/**
 * Addresses that are not public (IANA special-purpose registries, RFC 6890). Link-local is forbidden always: there
 * cloud machines keep their credentials (169.254.169.254).
 */
export const addressBlocks: readonly AddressBlock[] = [
  v4('127.0.0.0', 8, 'loopback'),
  v4('10.0.0.0', 8, 'private'),
  v4('172.16.0.0', 12, 'private'),
  v4('192.168.0.0', 16, 'private'),
  v4('100.64.0.0', 10, 'private'),
  v4('0.0.0.0', 8, 'forbidden'),
  v4('169.254.0.0', 16, 'forbidden'),
  v4('192.0.0.0', 24, 'forbidden'),
  v4('192.0.2.0', 24, 'forbidden'),
  v4('198.18.0.0', 15, 'forbidden'),
  v4('198.51.100.0', 24, 'forbidden'),
  v4('203.0.113.0', 24, 'forbidden'),
  v4('224.0.0.0', 3, 'forbidden'),
  v6('::1', 128, 'loopback'),
  v6('fc00::', 7, 'private'),
  v6('::', 128, 'forbidden'),
  v6('64:ff9b::', 96, 'forbidden'),
  v6('64:ff9b:1::', 48, 'forbidden'),
  v6('100::', 64, 'forbidden'),
  v6('2001::', 23, 'forbidden'),
  v6('2001:db8::', 32, 'forbidden'),
  v6('2002::', 16, 'forbidden'),
  v6('fe80::', 10, 'forbidden'),
  v6('ff00::', 8, 'forbidden'),
];

/** Which addresses may be asked on behalf of a server; those less near are allowed, too. */
export type Reach = Exclude<Nearness, 'forbidden'>;

/**
 * A server on this machine may send us to this machine, a server anywhere else only away from it. `host` as in a URL.
 * A name is never taken for local because of what it resolves to: its owner decides that.
 */
export function reachOf(
  host: string,
  nearnessOf: (address: string) => Nearness | undefined,
  allowPrivate: boolean,
): Reach {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  const isLocal = name === 'localhost' || name.endsWith('.localhost');
  const nearness = isLocal ? 'loopback' : nearnessOf(name);
  if (nearness === 'loopback') return 'loopback';
  return allowPrivate || nearness === 'private' ? 'private' : 'public';
}

/** Whether an address of this nearness may be asked. */
export function isWithin(reach: Reach, nearness: Nearness): boolean {
  if (nearness === 'forbidden') return false;
  return order.indexOf(nearness) <= order.indexOf(reach);
}

const order: readonly Reach[] = ['public', 'private', 'loopback'];

function v4(address: string, prefix: number, nearness: AddressBlock['nearness']): AddressBlock {
  return { address, prefix, family: 'ipv4', nearness };
}

function v6(address: string, prefix: number, nearness: AddressBlock['nearness']): AddressBlock {
  return { address, prefix, family: 'ipv6', nearness };
}
