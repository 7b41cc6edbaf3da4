import { envelope, type Identity } from '../bridge.ts';
import { type CacheHints, hintsIn, mergedHints } from '../cache-hints.ts';
import { noLists, type ServerLists } from '../catalogue.ts';
import { isObject, type JsonObject, type RpcError, writeJson } from '../messages.ts';
import { markFault } from '../param-headers.ts';
import { type ListKind, listFields, listKinds, listMethods, rpcCodes } from '../protocol.ts';
import type { Conversation } from './conversation.ts';
import { isUnanswered, RefusedByServer } from './own-request.ts';

/** Most pages read of one list, and most items kept: a server may page for ever. */
const listPagesMax = 200;
const listItemsMax = 20_000;
/** A server that declares nothing has this long to say what it lists; most say at once that they know no such method. */
const undeclaredTimeoutMs = 5_000;

/** Lists just read, what the server said of how long each may be kept, and which it declares but would not give. */
export interface ReadLists {
  readonly lists: Partial<ServerLists>;
  readonly hints: Partial<Readonly<Record<ListKind, CacheHints | undefined>>>;
  readonly refusals: Partial<Readonly<Record<ListKind, RpcError>>>;
}

type ReadList =
  | { readonly items: readonly JsonObject[]; readonly hints: CacheHints | undefined }
  | { readonly refusal: RpcError };

/**
 * Reads the lists a server declares, all pages; what it does not declare or has no method for is empty. One that
 * declares nothing is asked for all of them: some have tools all the same, and the official clients find those.
 */
export async function readLists(
  conversation: Conversation,
  how: {
    readonly kinds: readonly ListKind[];
    readonly timeoutMs: number;
    readonly identity: Identity;
  },
): Promise<ReadLists> {
  const declared = declaredKinds(conversation.negotiated?.result ?? {});
  const lists: Partial<Record<ListKind, readonly JsonObject[]>> = {};
  const hints: Partial<Record<ListKind, CacheHints | undefined>> = {};
  const refusals: Partial<Record<ListKind, RpcError>> = {};
  await Promise.all(
    how.kinds.map(async (kind) => {
      const isDeclared = declared.has(kind);
      const isAsked = isDeclared || declared.size === 0;
      const readOne = isDeclared ? readList : readUndeclared;
      const read = isAsked ? await readOne(conversation, kind, how) : nothing;
      if ('refusal' in read) {
        refusals[kind] = read.refusal;
        return;
      }
      lists[kind] = read.items;
      hints[kind] = read.hints;
    }),
  );
  return { lists, hints, refusals };
}

const nothing: ReadList = { items: [], hints: undefined };

/** All lists of a server, those just read replacing those known. */
export function mergedLists(known: ServerLists, read: Partial<ServerLists>): ServerLists {
  return { ...noLists, ...known, ...read };
}

/** True when nothing differs that a client could see. */
export function hasSameItems(before: ServerLists, now: ServerLists): boolean {
  return listKinds.every(
    (kind) => before[kind] === now[kind] || writeJson(before[kind]) === writeJson(now[kind]),
  );
}

function declaredKinds(result: JsonObject): ReadonlySet<ListKind> {
  const capabilities = isObject(result['capabilities']) ? result['capabilities'] : {};
  return new Set(
    listKinds.filter((kind) => isObject(capabilities[kind === 'templates' ? 'resources' : kind])),
  );
}

/** What a server did not say it has: an error, or no answer, means that it has none. */
async function readUndeclared(
  conversation: Conversation,
  kind: ListKind,
  how: ListHow,
): Promise<ReadList> {
  const timeoutMs = Math.min(how.timeoutMs, undeclaredTimeoutMs);
  try {
    const read = await readList(conversation, kind, { ...how, timeoutMs });
    return 'refusal' in read ? nothing : read;
  } catch (error) {
    if (isUnanswered(error)) return nothing;
    throw error;
  }
}

interface ListHow {
  readonly timeoutMs: number;
  readonly identity: Identity;
}

async function readList(
  conversation: Conversation,
  kind: ListKind,
  how: ListHow,
): Promise<ReadList> {
  const items: JsonObject[] = [];
  const hints: CacheHints[] = [];
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
      if (!(error instanceof RefusedByServer)) throw error;
      // Servers declare resources and have no templates, or none at all: that is an empty list, not a fault.
      if (error.error.code === rpcCodes.methodNotFound) break;
      return { refusal: error.error };
    }
    const ofPage = hintsIn(result);
    if (ofPage !== undefined) hints.push(ofPage);
    const listed = result[listFields[kind]];
    if (Array.isArray(listed)) for (const one of listed) if (isShowable(one)) items.push(one);
    const next = result['nextCursor'];
    if (typeof next !== 'string' || next === cursor) break;
    cursor = next;
  }
  return { items: items.slice(0, listItemsMax), hints: mergedHints(hints) };
}

/** What cannot be written anew cannot be shown to anybody. */
function isShowable(definition: unknown): definition is JsonObject {
  return isObject(definition) && writeJson(definition) !== undefined;
}

/** Over HTTP, where arguments are repeated as headers, a tool that marks them wrongly is left out (2026-07-28). */
export function withoutFaultyMarks(
  read: ReadLists,
  onRefused: (tool: string, why: string) => void,
): ReadLists {
  if (read.lists.tools === undefined) return read;
  const tools = read.lists.tools.filter((tool) => {
    const why = markFault(tool);
    if (why !== undefined) onRefused(String(tool['name']).slice(0, 200), why);
    return why === undefined;
  });
  return { ...read, lists: { ...read.lists, tools } };
}
