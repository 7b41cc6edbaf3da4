import { shownAddress } from '../fleet/clients/secrets.ts';
import type { ServerSpec } from '../fleet/fleet.ts';
import type { InstanceView } from '../supervisor/instance.ts';

/** What a fleet file says of a server for people. */
export interface Described extends Pick<ServerSpec, 'description' | 'docsUrl'> {
  readonly features?: ServerSpec['features'];
  readonly health: Pick<ServerSpec['health'], 'http'>;
}

type Placed = Pick<InstanceView, 'url' | 'port'>;

/**
 * Where a server is found, its secrets hidden. A plain service has an address when its file says that it
 * speaks HTTP: by a health path or documentation on its port.
 */
export function urlOf(spec: Described | undefined, { url, port }: Placed): string | undefined {
  if (url !== undefined) return shownAddress(url);
  const speaksHttp = [spec?.health.http, spec?.docsUrl].some((path) => path?.startsWith('/'));
  return speaksHttp && port !== undefined ? `http://127.0.0.1:${port}` : undefined;
}

/** Where the documentation of a server is; undefined while the port of a path is not known. */
export function docsUrlOf(spec: Described | undefined, placed: Placed): string | undefined {
  const docs = spec?.docsUrl;
  if (docs === undefined || !docs.startsWith('/')) {
    return docs === undefined ? undefined : shownAddress(docs);
  }
  const origin = /^https?:\/\/[^/?#]+/.exec(urlOf(spec, placed) ?? '')?.[0];
  return origin === undefined ? undefined : `${origin}${docs}`;
}
