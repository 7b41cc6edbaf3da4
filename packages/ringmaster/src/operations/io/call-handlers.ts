import { Problem } from '../../errors.ts';
import { type CallRow, callOf, callsLookedAtMax, isWanted, storyOf } from '../calls.ts';
import type { Handlers, InputOf } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';
import { scanEvents, seqAfter } from './scan-events.ts';

/** Events of its server that a story is made of. */
const storyEventsMax = 200;

/** Handlers of the noun `call`. */
export function createCallHandlers({
  journal,
  clock,
}: HandlerNeeds): Pick<Handlers, 'call.list' | 'call.get'> {
  async function list(input: InputOf<'call.list'>) {
    const { rangeMs, fromMs, toMs, beforeId, limit, ...filter } = input;
    const sinceMs = fromMs ?? (toMs ?? clock.nowMs()) - rangeMs;
    // What ended later is passed over, not looked at: there may be more of it than an answer looks at.
    const beforeSeq = beforeId ?? (toMs === undefined ? undefined : await seqAfter(journal, toMs));
    const subject = filter.server === undefined ? {} : { subject: filter.server };
    // Where nothing narrows, the first events are those wanted: at a thousand a second that is what counts.
    const { server: _server, ...rest } = filter;
    const isNarrowed = Object.values(rest).some((value) => value !== undefined);
    const { rows, ...found } = await scanEvents<CallRow>(journal, {
      query: { kind: 'call.finished', sinceMs, ...subject },
      ...{ beforeSeq, limit, lookedAtMax: callsLookedAtMax },
      ...(isNarrowed ? {} : { atOnce: limit }),
      rowOf(event) {
        const call = event.atMs > (toMs ?? event.atMs) ? undefined : callOf(event);
        return call !== undefined && isWanted(call, filter) ? call : undefined;
      },
    });
    return { calls: rows, ...found };
  }

  return {
    'call.list': list,
    async 'call.get'({ call: id }) {
      const [event] = await journal.list({ beforeSeq: id + 1, limit: 1 });
      const call = event?.seq === id ? callOf(event) : undefined;
      if (call === undefined) {
        throw new Problem('call_not_found', `There is no finished call ${id} in the journal`);
      }
      const about = { subject: call.server, beforeSeq: id, sinceMs: call.startedAtMs };
      const [asks, lives] = await Promise.all(
        ['ask.', 'instance.'].map((kind) =>
          journal.list({ ...about, kind, limit: storyEventsMax }),
        ),
      );
      return { call, steps: storyOf(call, [...(asks ?? []), ...(lives ?? [])]) };
    },
  };
}
