/** Labels of one figure, by name. */
export type Labels = Readonly<Record<string, string>>;

/** One figure of a family; of a histogram its counts by bucket, not added up, beside sum and number. */
export type Sample =
  | { readonly labels: Labels; readonly value: number }
  | { readonly labels: Labels; readonly buckets: readonly number[]; readonly sum: number };

/** Figures that mean the same, told apart by labels. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Upper ends of the buckets of a histogram. */
  readonly ends?: readonly number[];
  readonly samples: readonly Sample[];
}
