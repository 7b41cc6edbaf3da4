/** What the tools and prompts of the everything servers know of the request they answer, in whichever era it came. */
export interface Turn {
  readonly args: Data;
  readonly progressToken: string | number | undefined;
  /** What the client said it can be asked: `elicitation`, `sampling`, `roots`. */
  readonly declared: Data;
  progress(done: number, total: number): Promise<void>;
  log(text: string): Promise<void>;
  /**
   * Asks the user or the model and waits for all answers. What the client refuses to be asked is left out; when it
   * refuses everything, this fails. A server of the stateless era runs the tool once more for each round, so nothing
   * before the last question may have an effect.
   */
  ask(questions: Questions): Promise<Answers>;
  /** Tells clients that a list has changed. */
  changed(list: 'tools' | 'prompts'): Promise<void>;
  /** Tells those who watch a resource that it has changed. */
  updated(uri: string): Promise<void>;
  /** Ends the event stream of this request early, where there is one; the client has to come back for the answer. */
  closeStream(): void;
}

/** A JSON object. */
export type Data = Readonly<Record<string, unknown>>;

/** One question to the user or the model. */
export interface Question {
  readonly method: 'elicitation/create' | 'sampling/createMessage' | 'roots/list';
  readonly params: Data;
}

/** Questions by the name of their answer. */
export type Questions = Readonly<Record<string, Question>>;
/** Answers by the same names. */
export type Answers = Readonly<Record<string, Data>>;

/** A form for the user. */
export function form(message: string, properties: Data, required: readonly string[]): Question {
  const requestedSchema = { type: 'object', properties, required };
  return { method: 'elicitation/create', params: { mode: 'form', message, requestedSchema } };
}

/** A question to the model. */
export function prompt(text: string, maxTokens: number): Question {
  const messages = [{ role: 'user', content: { type: 'text', text } }];
  return { method: 'sampling/createMessage', params: { messages, maxTokens } };
}

/** The folders the client works in. */
export const roots: Question = { method: 'roots/list', params: {} };

/** What the user filled in; empty when they declined. */
export function filledIn(answer: Data | undefined): Data {
  return (answer?.['content'] ?? {}) as Data;
}

/** What the model said. */
export function said(answer: Data | undefined): string {
  return String((answer?.['content'] as { text?: unknown } | undefined)?.text ?? '');
}

/** A result of one text. */
export function text(words: string): Data {
  return { content: [{ type: 'text', text: words }] };
}
