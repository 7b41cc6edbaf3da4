import type { Clock } from '../../../clock.ts';
import type { ConversationTarget } from '../../../supervisor/conversation.ts';
import type { Conversation, Wire } from '../conversation.ts';

export function httpWire(_needs: {
  readonly target: ConversationTarget;
  readonly clock: Clock;
  readonly conversation: Conversation;
}): Wire {
  throw new Error('to come');
}
