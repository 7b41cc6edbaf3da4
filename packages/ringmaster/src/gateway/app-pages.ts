import { isObject, type JsonObject } from './messages.ts';

/**
 * A tool whose page (MCP Apps: `_meta.ui.resourceUri`, in the first drafts `_meta["ui/resourceUri"]`) has another name
 * here than at its server: it must name the page as its client finds it. Any other tool is the very same object.
 */
export function withPageRenamed(
  tool: JsonObject,
  renamed: ReadonlyMap<string, string>,
): JsonObject {
  const meta = tool['_meta'];
  if (!isObject(meta)) return tool;
  const { ui } = meta;
  const page = isObject(ui) ? newName(ui['resourceUri'], renamed) : undefined;
  const draftPage = newName(meta[draftKey], renamed);
  if (page === undefined && draftPage === undefined) return tool;
  return {
    ...tool,
    _meta: {
      ...meta,
      ...(page === undefined ? {} : { ui: { ...(ui as JsonObject), resourceUri: page } }),
      ...(draftPage === undefined ? {} : { [draftKey]: draftPage }),
    },
  };
}

const draftKey = 'ui/resourceUri';

function newName(uri: unknown, renamed: ReadonlyMap<string, string>): string | undefined {
  return typeof uri === 'string' ? renamed.get(uri) : undefined;
}
