import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** Changes fields of the address; an empty value takes its field out. A step can be gone back from. */
export type SetAddress = (
  change: Readonly<Record<string, string>>,
  how?: { readonly isStep: boolean },
) => void;

/** What stands after the `?` of the address, and a way to change it. */
export function useAddress(): readonly [URLSearchParams, SetAddress] {
  const [query, setQuery] = useSearchParams();
  const set = useCallback<SetAddress>(
    (change, { isStep } = { isStep: false }) => {
      setQuery(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(change))
            if (value === '') next.delete(name);
            else next.set(name, value);
          return next;
        },
        { replace: !isStep },
      );
    },
    [setQuery],
  );
  return [query, set];
}
