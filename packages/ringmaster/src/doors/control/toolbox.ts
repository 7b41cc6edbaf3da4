import { z } from 'zod';
import { asProblem, messageChain, Problem } from '../../errors.ts';
import { plainText } from '../../harmless.ts';
import { inputProblem } from '../../operations/input-problem.ts';
import { routes } from '../../operations/routes.ts';
import { deriveTools } from './derived-tools.ts';
import { logTools } from './log-tools.ts';
import type { Plans } from './plans.ts';
import { processTools } from './process-tools.ts';
import type { Ask, ControlTool, Told } from './tool.ts';

const byHand = [...processTools, ...logTools];

/** Every tool of the control server, those agents begin with first. */
export const controlTools: readonly ControlTool[] = [...byHand, ...deriveTools(byHand)];

const planned = z.object({ plan_id: z.string(), will: z.string() });
const planIdField = z
  .string()
  .optional()
  .describe('From the answer of the first call: do now what was planned');

/** How the list tells a tool. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: 'object'; readonly [key: string]: unknown };
  readonly outputSchema: { readonly type: 'object'; readonly [key: string]: unknown };
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly openWorldHint: boolean;
  };
}

let listed: ListedTool[] | undefined;

/** The tools as `tools/list` tells them; made when first asked for. */
export function listTools(): ListedTool[] {
  listed ??= controlTools.map(listOne);
  return listed;
}

function listOne(one: ControlTool): ListedTool {
  const { name, title, description, operation } = one;
  const { effect } = routes[operation];
  const isDestructive = effect === 'destroys';
  const input = isDestructive ? one.input.extend({ plan_id: planIdField }) : one.input;
  const output = isDestructive ? one.output.extend(planned.shape).partial() : one.output;
  return {
    ...{ name, title, description },
    inputSchema: { ...schemaOf(input), additionalProperties: false },
    outputSchema: schemaOf(output),
    annotations: {
      readOnlyHint: effect === 'reads',
      destructiveHint: isDestructive,
      openWorldHint: false,
    },
  };
}

/** As the input side writes it: an answer may hold more than its schema names. */
function schemaOf(type: z.ZodType): ListedTool['inputSchema'] {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, {
    io: 'input',
    unrepresentable: 'any',
    override({ jsonSchema }) {
      // Clients of 2025 know no `prefixItems`, and would read what follows them as "nothing at all".
      if (jsonSchema.prefixItems !== undefined) delete jsonSchema.items;
    },
  });
  return { ...schema, type: 'object' };
}

/** What a person said to a destructive call: yes, no, or that nobody can be asked, or was yet. */
export type Consent = 'yes' | 'no' | 'unasked' | 'nobody';

/** What became of a call: an answer, or the question to put to a person first. */
export type Outcome =
  | { readonly kind: 'told'; readonly told: Told; readonly isError: boolean }
  | { readonly kind: 'confirm'; readonly message: string; readonly planId: string };

/** Calls a tool; never rejects for what the caller did wrong. `consent` is asked only of destructive tools. */
export async function callTool(
  needs: { readonly ask: Ask; readonly plans: Plans; tellOperator(text: string): void },
  call: {
    readonly name: string;
    readonly given: unknown;
    consent(): { readonly said: Consent; readonly planId: string | undefined };
  },
): Promise<Outcome> {
  try {
    const found = controlTools.find(({ name }) => name === call.name);
    if (found === undefined)
      throw new Problem('bad_request', `There is no tool ${JSON.stringify(call.name)}`);
    const { plan_id: planId, ...rest } = (call.given ?? {}) as Record<string, unknown>;
    const given = readInput(
      found,
      routes[found.operation].effect === 'destroys' ? rest : call.given,
    );
    if (routes[found.operation].effect === 'destroys') {
      const held = confirmed(needs.plans, found, rest, planId, call.consent());
      if (held !== undefined) return held;
    }
    const told = await found.run(needs.ask, given as never);
    return { kind: 'told', told, isError: false };
  } catch (error) {
    return { kind: 'told', isError: true, told: tellProblem(error, needs.tellOperator) };
  }
}

function readInput(found: ControlTool, given: unknown): unknown {
  const result = found.input.strict().safeParse(given ?? {});
  if (result.success) return result.data;
  throw inputProblem(found.name, { input: found.input, given, error: result.error });
}

/** Undefined when the call may be done; else what to say instead. */
function confirmed(
  plans: Plans,
  { name, operation }: ControlTool,
  given: unknown,
  planId: unknown,
  consent: { readonly said: Consent; readonly planId: string | undefined },
): Outcome | undefined {
  const will = `${operation} ${JSON.stringify(given)}`;
  if (typeof planId === 'string') {
    if (plans.take(planId, name, given)) return undefined;
    throw new Problem(
      'bad_request',
      `Cannot do ${will}: plan_id is unknown, used, older than 5 minutes or of another call; call again without it`,
    );
  }
  if (consent.said === 'yes' && plans.take(consent.planId ?? '', name, given)) return undefined;
  if (consent.said === 'no') {
    const text = `Not done: a person said no to ${will}`;
    return { kind: 'told', isError: true, told: { structured: {}, text } };
  }
  const id = plans.keep(name, given);
  if (consent.said !== 'nobody') return { kind: 'confirm', message: `Do ${will}?`, planId: id };
  const text = `Planned, not done: ${will}. To do it, call ${name} again with plan_id ${id}`;
  return { kind: 'told', isError: false, told: { structured: { plan_id: id, will }, text } };
}

/** Longest sentence of an error: what was found in the arguments may be of any length. */
const errorMaxChars = 2_000;

function tellProblem(error: unknown, tellOperator: (text: string) => void): Told {
  const problem = asProblem(error);
  const { code } = problem;
  if (problem.row.family === 'bug') {
    tellOperator(`Failure of a control tool: ${(problem.cause as Error)?.stack ?? problem}\n`);
    const text = 'The daemon failed at this; its stderr tells more';
    return { structured: {}, text };
  }
  const said = plainText(messageChain(problem));
  const sentence = said.length <= errorMaxChars ? said : `${said.slice(0, errorMaxChars)}…`;
  const text = `${code}: ${sentence}. ${problem.row.hint}`;
  return { structured: {}, text };
}
