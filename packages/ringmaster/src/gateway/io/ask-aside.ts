import { missingCapability, unanswered } from '../asks.ts';
import { refused } from '../messages.ts';
import type { Owner } from '../owner.ts';
import { rpcCodes } from '../protocol.ts';
import type { AskBook, OpenAsk } from './ask-book.ts';
import type { Question } from './question.ts';

/**
 * Keeps the question of a task until its client comes by; `onEnd` hears when it is not to be shown any more. Undefined
 * when the client cannot be asked, and the server knows it then.
 */
export type PutAside = (question: Question, owner: Owner, onEnd: () => void) => OpenAsk | undefined;

/** Keeps such questions in the book of all; each ends at its limit like any other. */
export function createAside(needs: {
  readonly book: AskBook;
  readonly limitMs: (server: string) => number;
}): PutAside {
  const { book } = needs;
  return (question, owner, onEnd) => {
    const { server, method } = question;
    const label = { server, method, how: 'parked', call: undefined, owner } as const;
    const refuse = (why: string, reply: ReturnType<typeof refused>): undefined => {
      book.note(label, 'refused', why);
      question.reply(reply);
    };
    const missing = missingCapability(owner.capabilities, question);
    if (missing !== undefined) {
      const why = `the client did not declare the capability ${missing}`;
      return refuse(why, refused(rpcCodes.methodNotFound, `Cannot pass on ${method}: ${why}`));
    }
    const opened = book.open({
      ...{ ...label, limitMs: needs.limitMs(server) },
      onEnd(reply) {
        onEnd();
        question.reply(reply);
      },
    });
    return typeof opened === 'string' ? refuse(opened, unanswered(method, opened)) : opened;
  };
}
