import { envelope, type Identity } from '../bridge.ts';
import { noLists, type ServerLists } from '../catalogue.ts';
import { isObject, type JsonObject, writeJson } from '../messages.ts';
import { type ListKind, listFields, listKinds, listMethods } from '../protocol.ts';
import { type Conversation, RefusedByServer } from './conversation.ts';

/** Most pages read of one list, and most items kept: a server may page for ever. */
const listPagesMax = 200;
const listItemsMax = 20_000;

/** Reads the lists a server declares, all pages; what it does not declare or refuses is empty. */
export async function readLists(
  conversation: Conversation,
  how: {
    readonly kinds: readonly ListKind[];
    readonly timeoutMs: number;
    readonly identity: Identity;
  },
): Promise<Partial<ServerLists>> {
  const declared = declaredKinds(conversation.negotiated?.result ?? {});
  const read: Partial<Record<ListKind, readonly JsonObject[]>> = {};
  await Promise.all(
    how.kinds.map(async (kind) => {
      read[kind] = declared.has(kind) ? await readList(conversation, kind, how) : [];
    }),
  );
  return read;
}

/** All lists of a server, those just read replacing those known. */
export function mergedLists(known: ServerLists, read: Partial<ServerLists>): ServerLists {
  return { ...noLists, ...known, ...read };
}

function declaredKinds(result: JsonObject): ReadonlySet<ListKind> {
  const capabilities = isObject(result['capabilities']) ? result['capabilities'] : {};
  return new Set(
    listKinds.filter((kind) => isObject(capabilities[kind === 'templates' ? 'resources' : kind])),
  );
}

async function readList(
  conversation: Conversation,
  kind: ListKind,
  how: { readonly timeoutMs: number; readonly identity: Identity },
): Promise<readonly JsonObject[]> {
  const items: JsonObject[] = [];
  const negotiated = conversation.negotiated;
  const meta =
    negotiated?.era === 'modern'
      ? { _meta: envelope(negotiated.protocolVersion, how.identity) }
      : {};
  let cursor: unknown;
  for (let page = 0; page < listPagesMax && items.length < listItemsMax; page += 1) {
    const params = cursor === undefined ? meta : { ...meta, cursor };
    let result: JsonObject;
    try {
      result = await conversation.ask(listMethods[kind], params, how.timeoutMs);
    } catch (error) {
      // Servers declare resources and have no templates, or none at all: that is an empty list, not a fault.
      if (error instanceof RefusedByServer) break;
      throw error;
    }
    const listed = result[listFields[kind]];
    if (Array.isArray(listed)) for (const one of listed) if (isShowable(one)) items.push(one);
    cursor = result['nextCursor'];
    if (typeof cursor !== 'string') break;
  }
  return items.slice(0, listItemsMax);
}

/** What cannot be written anew cannot be shown to anybody. */
function isShowable(definition: unknown): definition is JsonObject {
  return isObject(definition) && writeJson(definition) !== undefined;
}
