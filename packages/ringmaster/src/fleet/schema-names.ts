import { z } from 'zod';

/** Longest pattern, and most of them in one list. */
const patternMaxLength = 500;
const patternsMax = 1_000;
/** Longest text that a person writes for models to read; each of them pays for it. */
const textMaxLength = 8_000;

/** Hosts put their own prefix before a tool's name and cap the whole at 60 or 64 characters. */
export const exposedNameMax = 40;

/** A name as every host accepts it. */
export const exposedNamePattern = new RegExp(`^[A-Za-z0-9_.-]{1,${exposedNameMax}}$`);
/** What to say of one that is not. */
export const neededInExposedName = `1 to ${exposedNameMax} letters, digits, "_", "." or "-"`;

/** `prefix` of the fleet file and of a server's `show`. */
export const prefixPolicy = z.enum(['auto', 'always', 'never']);

function patterns(describe: string) {
  const pattern = z.string().min(1).max(patternMaxLength);
  return z.array(pattern).max(patternsMax).default([]).describe(describe);
}

/** What of something clients may see and use. */
const choice = z.strictObject({
  allow: patterns('Only what fits one of these is shown and may be used; * stands for anything'),
  deny: patterns('What fits one of these is hidden and refused, also when allowed above'),
});

const toolChoice = choice.extend({
  rename: z
    .record(z.string(), z.string().regex(exposedNamePattern))
    .default({})
    .describe('Names by which clients know its tools, by their own names; not at /servers/NAME'),
  describe: z
    .record(z.string(), z.string().max(textMaxLength))
    .default({})
    .describe('Descriptions shown instead of those the server gives, by the tools own names'),
});

/** `show` of a server. */
export const show = z.strictObject({
  prefix: prefixPolicy
    .optional()
    .describe("When its tools and prompts carry its name; without it the fleet's prefix holds"),
  tools: toolChoice.prefault({}),
  resources: choice.prefault({}).describe('Patterns are URIs'),
  prompts: choice.prefault({}),
});

/** One entry below `views`. */
export const view = z.strictObject({
  servers: z
    .union([z.array(z.string()), z.literal('all')])
    .default('all')
    .describe('The servers it shows'),
  tools: choice.prefault({}).describe('Patterns are SERVER.TOOL, by the names tools have there'),
  resources: choice.prefault({}).describe('Patterns are SERVER.URI'),
  prompts: choice.prefault({}).describe('Patterns are SERVER.PROMPT'),
  instructions: z
    .string()
    .max(textMaxLength)
    .optional()
    .describe('What models are told about it, instead of what its servers say'),
  search: z
    .boolean()
    .default(false)
    .describe('Its clients see find_tool and call_tool instead of a long list of tools'),
});

/** A view as resolved. */
export type ViewEntry = z.output<typeof view>;
/** A choice as resolved. */
export type Choice = z.output<typeof choice>;
