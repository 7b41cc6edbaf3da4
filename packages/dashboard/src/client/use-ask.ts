import { useCallback, useEffect, useRef, useState } from 'react';
import type { AskedOf, OutputOf } from 'ringmaster/operations';
import type { OperationName } from 'ringmaster/routes';
import type { Client } from './client.ts';
import { reasonOf } from './reason.ts';

/** The newest answer, why there is none, and a way to ask again at once. */
export interface Answer<Output> {
  readonly data: Output | undefined;
  readonly failure: string | undefined;
  readonly again: () => void;
}

/**
 * Asks when the input changes and every `everyMs` after an answer; what was known stays while it asks. A hidden page
 * asks a fifth as often. Nothing is asked while `input` is undefined; without `everyMs` an answer stands, also one that
 * came while there was one, so that what is held still does not change once more.
 */
export function useAsk<Name extends OperationName>(
  client: Client,
  name: Name,
  input: AskedOf<Name> | undefined,
  everyMs?: number,
): Answer<OutputOf<Name>> {
  const [data, setData] = useState<OutputOf<Name>>();
  const [failure, setFailure] = useState<string>();
  const [round, setRound] = useState(0);
  const asked = input === undefined ? undefined : JSON.stringify(input);
  const known = useRef<string>(undefined);
  const answered = useRef<string>(undefined);
  useEffect(() => {
    if (asked === undefined) return;
    const question = `${round} ${asked}`;
    if (everyMs === undefined && answered.current === question) return;
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (known.current !== undefined && subjectOf(known.current) !== subjectOf(asked)) {
      setData(undefined);
    }
    known.current = asked;
    const ask = async (): Promise<void> => {
      try {
        const answer = await client.ask(name, JSON.parse(asked), { signal: leaving.signal });
        if (leaving.signal.aborted) return;
        answered.current = question;
        setData(answer);
        setFailure(undefined);
      } catch (error) {
        if (leaving.signal.aborted) return;
        setFailure(reasonOf(error));
      }
      if (everyMs !== undefined) {
        timer = setTimeout(() => void ask(), document.hidden ? everyMs * 5 : everyMs);
      }
    };
    void ask();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [client, name, asked, everyMs, round]);

  return { data, failure, again: useCallback(() => setRound((before) => before + 1), []) };
}

/** What is known of one server must not be shown under the name of another. */
function subjectOf(asked: string): unknown {
  const { server, subject, servers } = JSON.parse(asked);
  return server ?? subject ?? (Array.isArray(servers) ? servers.join() : undefined);
}
