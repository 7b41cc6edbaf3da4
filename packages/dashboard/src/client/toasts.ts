import { reasonOf } from './reason.ts';

/** One line that tells what became of an act. */
export interface Toast {
  readonly id: number;
  /** `failed` stays until it is read, `done` goes by itself. */
  readonly kind: 'done' | 'failed';
  readonly text: string;
  /** Takes the act back. */
  readonly undo?: (() => void) | undefined;
}

/** What was told and not yet read, the oldest first. */
export interface Toasts {
  list(): readonly Toast[];
  subscribe(hear: () => void): () => void;
  tell(toast: Omit<Toast, 'id'>): void;
  close(id: number): void;
}

/** More would cover the page; the oldest that tells no failure goes first. */
export const toastsMax = 5;
/** So long stands what needs no answer. */
export const toastMs = 8_000;

/** Nothing told yet. */
export function createToasts(): Toasts {
  const hearers = new Set<() => void>();
  let toasts: readonly Toast[] = [];
  let lastId = 0;

  function set(next: readonly Toast[]): void {
    toasts = next;
    for (const hear of hearers) hear();
  }

  return {
    list: () => toasts,
    subscribe(hear) {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    tell(toast) {
      lastId += 1;
      const next = [...toasts, { ...toast, id: lastId }];
      const surplus = next.find(({ kind }) => kind === 'done') ?? next[0];
      set(next.length <= toastsMax ? next : next.filter((one) => one !== surplus));
    },
    close: (id) => set(toasts.filter((one) => one.id !== id)),
  };
}

/** Does an act and tells what became of it: `done` as it is, a failure with its reason. False when it failed. */
export async function attempt(
  toasts: Toasts,
  act: {
    readonly work: () => Promise<unknown>;
    readonly done: string;
    readonly failed: (reason: string) => string;
    readonly undo?: (() => void) | undefined;
  },
): Promise<boolean> {
  try {
    await act.work();
  } catch (error) {
    const reason = reasonOf(error);
    toasts.tell({ kind: 'failed', text: act.failed(reason) });
    return false;
  }
  toasts.tell({ kind: 'done', text: act.done, undo: act.undo });
  return true;
}
