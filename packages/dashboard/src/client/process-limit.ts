import type { ServerRow } from './fleet-store.ts';

/** The limit of the one process there may be, in the unit of the setting; several have one each and none together. */
export function processLimit(
  { instances, limits }: Pick<ServerRow, 'instances' | 'limits'>,
  of: ServerRow['limits'][number]['resource'],
): number | undefined {
  return instances > 1 ? undefined : limits.find(({ resource }) => resource === of)?.limit;
}
