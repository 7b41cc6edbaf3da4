/** As much of an event store as the transports of both SDKs ask for. */
export interface EventStore<Message> {
  storeEvent(streamId: string, message: Message): Promise<string>;
  replayEventsAfter(
    lastEventId: string,
    to: { readonly send: (eventId: string, message: Message) => Promise<void> },
  ): Promise<string>;
}

/** Keeps every event of one session in memory; an id is `STREAM:NUMBER`. */
export function createEventStore<Message>(): EventStore<Message> {
  const events: { readonly streamId: string; readonly message: Message }[] = [];
  return {
    async storeEvent(streamId, message) {
      events.push({ streamId, message });
      return `${streamId}:${events.length - 1}`;
    },
    async replayEventsAfter(lastEventId, { send }) {
      const border = lastEventId.lastIndexOf(':');
      const streamId = lastEventId.slice(0, border);
      const from = Number(lastEventId.slice(border + 1)) + 1;
      for (const [at, event] of events.entries()) {
        // A priming event carries no message.
        const isMessage = Object.keys(event.message as object).length > 0;
        if (at < from || event.streamId !== streamId || !isMessage) continue;
        await send(`${streamId}:${at}`, event.message);
      }
      return streamId;
    },
  };
}
