import type { Channel } from '../../../supervisor/conversation.ts';
import type { Wire } from '../wire.ts';

/** Speaks to a server over the pipes the supervisor keeps; one line is one message. */
export function stdioWire(channel: Channel, receive: (line: string) => void): Wire {
  let isOpen = true;
  channel.onLine((line) => {
    if (isOpen) receive(line);
  });
  return {
    send: (message) => (isOpen ? channel.send(message.text) : 0),
    abort: () => false,
    agreed: () => {},
    sessionId: () => undefined,
    // What the server left unread in its pipe is known to the supervisor.
    unsent: () => [],
    close() {
      isOpen = false;
    },
  };
}
