import type { NewEvent } from './events.ts';

/** Events that wait to be written, oldest first, at most a fixed number of them. */
export interface WaitingEvents {
  readonly count: number;
  /**
   * Takes in one event. When there is no room, the newest call event goes, as calls are many and their totals are
   * kept; an event of another kind goes only when no call event waits. Returns the event that went.
   */
  add(event: NewEvent): NewEvent | undefined;
  /** Takes out the oldest events, at most `maxEvents`. */
  take(maxEvents: number): NewEvent[];
}

/** An empty queue that never holds more than `maxEvents`. */
export function createWaitingEvents(maxEvents: number): WaitingEvents {
  let events: NewEvent[] = [];
  let callCount = 0;
  return {
    get count() {
      return events.length;
    },
    add(event) {
      const isCall = event.kind === 'call.finished';
      if (events.length >= maxEvents) {
        if (isCall || callCount === 0) return event;
        const newestCall = events.findLastIndex((waiting) => waiting.kind === 'call.finished');
        const [dropped] = events.splice(newestCall, 1);
        events.push(event);
        callCount -= 1;
        return dropped;
      }
      if (isCall) callCount += 1;
      events.push(event);
      return undefined;
    },
    take(takeEvents) {
      const taken = events.length <= takeEvents ? events : events.splice(0, takeEvents);
      if (taken === events) events = [];
      for (const event of taken) if (event.kind === 'call.finished') callCount -= 1;
      return taken;
    },
  };
}
