import { contextForm } from './asking-tools.ts';
import { embedded, image, imageBase64 } from './content.ts';
import { extraName } from './tools.ts';
import { type Data, filledIn, type Turn } from './turn.ts';

/** What every everything server says it can do. */
export const capabilities = {
  tools: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  prompts: { listChanged: true },
  logging: {},
  completions: {},
};

const templatePattern = /^test:\/\/template\/([^/]+)\/data$/;

interface Prompt {
  readonly description: string;
  readonly arguments?: readonly { readonly name: string; readonly required: boolean }[];
  run(turn: Turn): readonly Data[] | Promise<readonly Data[]>;
}

const prompts: Readonly<Record<string, Prompt>> = {
  test_simple_prompt: {
    description: 'A prompt without arguments',
    run: () => [words('This is a simple prompt for testing.')],
  },
  test_prompt_with_arguments: {
    description: 'A prompt with two arguments',
    arguments: [
      { name: 'arg1', required: true },
      { name: 'arg2', required: true },
    ],
    run: ({ args }) => [words(`arg1='${String(args['arg1'])}', arg2='${String(args['arg2'])}'`)],
  },
  test_prompt_with_embedded_resource: {
    description: 'A prompt with a resource',
    arguments: [{ name: 'resourceUri', required: true }],
    run: ({ args }) => [
      message(embedded(String(args['resourceUri']), 'text/plain', 'An embedded text.')),
      words('Please process the embedded resource above.'),
    ],
  },
  test_prompt_with_image: {
    description: 'A prompt with an image',
    run: () => [message(image), words('Please analyze the image above.')],
  },
  test_input_required_result_prompt: {
    description: 'A prompt that asks the user',
    run: async ({ ask }) => {
      const answers = await ask({ user_context: contextForm });
      const { context } = filledIn(answers['user_context']);
      return [words(`Use the following context: ${String(context)}`)];
    },
  },
};

const extraPrompt: Prompt = { description: 'Comes and goes', run: () => [words('here')] };

function promptsNow(): Readonly<Record<string, Prompt>> {
  const extra = extraName('prompts');
  return extra === undefined ? prompts : { ...prompts, [extra]: extraPrompt };
}

/** The prompts as a client sees them. */
export function listPrompts(): Data[] {
  return Object.entries(promptsNow()).map(([name, one]) => ({
    name,
    description: one.description,
    ...(one.arguments === undefined ? {} : { arguments: one.arguments }),
  }));
}

/** A prompt, written out. */
export async function getPrompt(name: string, turn: Turn): Promise<Data> {
  const found = promptsNow()[name];
  if (found === undefined) throw new Error(`Unknown prompt: ${name}`);
  return { messages: await found.run(turn) };
}

const texts: Readonly<Record<string, string>> = {
  'test://static-text': 'This is the content of the static text resource.',
  'test://watched-resource': 'Watched resource content',
};

/** The resources as a client sees them. */
export const resources: readonly Data[] = [
  { uri: 'test://static-text', name: 'static-text', mimeType: 'text/plain' },
  { uri: 'test://static-binary', name: 'static-binary', mimeType: 'image/png' },
  { uri: 'test://watched-resource', name: 'watched-resource', mimeType: 'text/plain' },
];

/** The one template. */
export const templates: readonly Data[] = [
  { uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' },
];

/** What stands at a URI; undefined when nothing does. */
export function readResource(uri: string): Data | undefined {
  if (uri === 'test://static-binary')
    return { contents: [{ uri, mimeType: 'image/png', blob: imageBase64 }] };
  const id = templatePattern.exec(uri)?.[1];
  if (id !== undefined) {
    const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
    return { contents: [{ uri, mimeType: 'application/json', text }] };
  }
  const text = texts[uri];
  return text === undefined ? undefined : { contents: [{ uri, mimeType: 'text/plain', text }] };
}

/** No suggestions. */
export const completion: Data = { completion: { values: [], total: 0, hasMore: false } };

function message(content: Data): Data {
  return { role: 'user', content };
}

function words(text: string): Data {
  return message({ type: 'text', text });
}
