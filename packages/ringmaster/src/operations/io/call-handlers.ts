import { Problem } from '../../errors.ts';
import { type CallRow, callOf, callsLookedAtMax, isWanted, storyOf } from '../calls.ts';
import type { Handlers, InputOf } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';

/** Calls read from the journal at once. */
const pageSize = 1_000;
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
    const calls: CallRow[] = [];
    let beforeSeq = beforeId;
    let lookedAt = 0;
    // Where nothing narrows, the first events are those wanted: at a thousand a second that is what counts.
    const { server: _server, ...rest } = filter;
    const isNarrowed = Object.values(rest).some((value) => value !== undefined);
    const atOnce = isNarrowed ? pageSize : limit;
    while (lookedAt < callsLookedAtMax) {
      const place = beforeSeq === undefined ? {} : { beforeSeq };
      const asked = { kind: 'call.finished', sinceMs, limit: atOnce, ...subject, ...place };
      const page = await journal.list(asked);
      for (const event of page) {
        lookedAt += 1;
        beforeSeq = event.seq;
        const call = callOf(event);
        if (call === undefined || !isWanted(call, filter)) continue;
        calls.push(call);
        if (calls.length === limit) return { calls, next: beforeSeq, lookedAt };
      }
      if (page.length < atOnce) return { calls, lookedAt };
    }
    return { calls, lookedAt, ...(beforeSeq === undefined ? {} : { next: beforeSeq }) };
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
