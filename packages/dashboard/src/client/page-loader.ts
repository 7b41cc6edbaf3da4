/** What loading a part of the page needs of the browser. */
export interface LoaderNeeds {
  /** When this page was loaded anew for this reason; kept over a new load. */
  readonly renewedAtMs: () => number | undefined;
  readonly setRenewedAtMs: (atMs: number) => void;
  readonly nowMs: () => number;
  /** Whether the daemon answers now; without it a new load of the page would show nothing at all. */
  readonly isReachable: () => Promise<boolean>;
  readonly reload: () => void;
}

/** A page that was loaded anew so lately is not loaded anew again: then something else is wrong. */
const againMs = 30_000;

/** Loads parts of the page that come later, and helps when they are gone because the daemon was updated. */
export interface PageLoader {
  /** Rejects as `load` does when a new load of the page would not help; until one happens it does not settle. */
  load<Part>(load: () => Promise<Part>): Promise<Part>;
  /** Whether this page was loaded anew for that reason; true once. */
  wasRenewed(): boolean;
}

/**
 * The names of the parts change with what is in them: those a page that was opened before an update knows are no longer
 * served. The page is then loaded anew, once.
 */
export function createPageLoader(needs: LoaderNeeds): PageLoader {
  const { renewedAtMs, setRenewedAtMs, nowMs, isReachable, reload } = needs;
  const isRenewed = nowMs() - (renewedAtMs() ?? Number.NEGATIVE_INFINITY) < againMs;
  let isTold = false;
  return {
    async load(load) {
      try {
        return await load();
      } catch (error) {
        if (isRenewed || !(await isReachable())) throw error;
        setRenewedAtMs(nowMs());
        reload();
        return new Promise(() => {});
      }
    },
    wasRenewed() {
      const isNews = isRenewed && !isTold;
      isTold = true;
      return isNews;
    },
  };
}
