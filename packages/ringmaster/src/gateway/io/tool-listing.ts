import type { ExposedTool } from '../gateway.ts';
import { createToolSearch } from '../tool-search.ts';
import { namedView, type View, wholeFleet } from '../view.ts';
import type { Shelf } from './shelf.ts';

/** The tools of the whole fleet or of a view, of one server when named: those shown, then those hidden. */
export function exposedTools(
  shelf: Shelf,
  of: { readonly server: string | undefined; readonly view: string | undefined },
): readonly ExposedTool[] {
  const { items, hidden } = shelf.catalogue(viewNamed(of.view));
  const isMeant = (one: { readonly server: string }): boolean =>
    of.server === undefined || one.server === of.server;
  return [
    ...items.tools.filter(isMeant).map(({ server, name, exposedAs, shown }) => ({
      ...{ server, name, exposedAs },
      definition: shown,
    })),
    ...hidden.tools.filter(isMeant),
  ];
}

/** The tools that fit a query, the best first. */
export function findTools(
  shelf: Shelf,
  of: { readonly query: string; readonly view?: string | undefined; readonly limit: number },
): readonly ExposedTool[] {
  const view = viewNamed(of.view);
  const search = shelf.search(view) ?? createToolSearch(shelf.catalogue(view).items.tools);
  return search.find(of.query, of.limit).map(({ item, score }) => {
    const { server, name, exposedAs, shown } = item;
    return { ...{ server, name, exposedAs, score }, definition: shown };
  });
}

function viewNamed(view: string | undefined): View {
  return view === undefined ? wholeFleet : namedView(view);
}
