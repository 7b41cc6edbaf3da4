import type { z } from 'zod';
import type { AskedOf, OutputOf } from '../../operations/index.ts';
import type { OperationName } from '../../operations/routes.ts';

/** Does an operation, its input checked; rejects with a Problem. */
export type Ask = <Name extends OperationName>(
  name: Name,
  input: AskedOf<Name>,
) => Promise<OutputOf<Name>>;

/** What a tool answers: the same for programs and, shorter, for language models. */
export interface Told {
  readonly structured: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A tool of the control server. Its annotations follow from the effect of its operation. */
export interface ControlTool {
  /** As agents call it, `verb_noun`. */
  readonly name: string;
  readonly title: string;
  /** When to use it, and what it does not do. */
  readonly description: string;
  readonly operation: OperationName;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** `given` has been checked against `input`. */
  run(ask: Ask, given: never): Promise<Told>;
}

/** Declares one tool; only so that the types of its input are inferred. */
export function tool<Input extends z.ZodObject>(declared: {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly operation: OperationName;
  readonly input: Input;
  readonly output: z.ZodObject;
  run(ask: Ask, given: z.output<Input>): Promise<Told>;
}): ControlTool {
  return declared;
}
