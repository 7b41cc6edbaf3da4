import { Problem } from '../../errors.ts';
import { type CallRow, callOf, callsLookedAtMax, isWanted, storyOf } from '../calls.ts';
import type { Handlers, InputOf } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';
import { scanEvents } from './scan-events.ts';

/** Events of its server that a story is made of. */
const storyEventsMax = 200;

/** Handlers of the noun `call`. */
export function createCallHandlers({
  journal,
  clock,
}: HandlerNeeds): Pick<Handlers, 'call.list' | 'call.get'> {
  async function list({ rangeMs, beforeId, limit, ...filter }: InputOf<'call.list'>) {
    const sinceMs = clock.nowMs() - rangeMs;
    const subject = filter.server === undefined ? {} : { subject: filter.server };
    // Where nothing narrows, the first events are those wanted: at a thousand a second that is what counts.
    const { server: _server, ...rest } = filter;
    const isNarrowed = Object.values(rest).some((value) => value !== undefined);
    const { rows, ...found } = await scanEvents<CallRow>(journal, {
      query: { kind: 'call.finished', sinceMs, ...subject },
      ...{ beforeSeq: beforeId, limit, lookedAtMax: callsLookedAtMax },
      ...(isNarrowed ? {} : { atOnce: limit }),
      rowOf(event) {
        const call = callOf(event);
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
