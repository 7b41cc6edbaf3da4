/** What is asked before something is lost. */
export interface Question {
  readonly title: string;
  /** Consequences with figures, then the way back. */
  readonly lines: readonly string[];
  /** The word of the button that does it. */
  readonly act: string;
}

/** At most one question stands at a time. */
export interface Questions {
  open(): Question | undefined;
  subscribe(hear: () => void): () => void;
  /** True when the reader wants it; a question that stands already is answered with no. */
  ask(question: Question): Promise<boolean>;
  answer(isYes: boolean): void;
}

/** No question yet. */
export function createQuestions(): Questions {
  const hearers = new Set<() => void>();
  let current:
    | { readonly question: Question; readonly settle: (isYes: boolean) => void }
    | undefined;

  function set(next: typeof current): void {
    current = next;
    for (const hear of hearers) hear();
  }

  function answer(isYes: boolean): void {
    const settle = current?.settle;
    set(undefined);
    settle?.(isYes);
  }

  return {
    open: () => current?.question,
    subscribe(hear) {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    ask(question) {
      answer(false);
      return new Promise((settle) => set({ question, settle }));
    },
    answer,
  };
}
