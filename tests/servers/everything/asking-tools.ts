import { fieldsWithChoices, fieldsWithDefaults } from './content.ts';
import type { Tool } from './tools.ts';
import { type Data, filledIn, form, prompt, type Questions, roots, said, text } from './turn.ts';

const nameForm = form('What is your name?', { name: { type: 'string' } }, ['name']);
const colorForm = form('What is your favourite colour?', { color: { type: 'string' } }, ['color']);
const okForm = form('Please confirm', { ok: { type: 'boolean' } }, ['ok']);
const greeting = prompt('Generate a greeting', 50);
const messageField = { message: { type: 'string' } };

/** The form of the prompt that asks. */
export const contextForm = form('Which context?', { context: { type: 'string' } }, ['context']);

/** Tools that need an answer of the user, the model or the client. */
export const askingTools: Readonly<Record<string, Tool>> = {
  test_missing_capability: {
    description: 'Needs the model',
    run: async ({ ask }) => text(said((await ask({ answer: prompt('Say pong', 16) }))['answer'])),
  },
  test_sampling: {
    description: 'Asks the model',
    properties: { prompt: { type: 'string' } },
    required: ['prompt'],
    run: async ({ args, ask }) => {
      const answers = await ask({ answer: prompt(String(args['prompt']), 100) });
      return text(`LLM response: ${said(answers['answer'])}`);
    },
  },
  test_elicitation: {
    description: 'Asks the user',
    properties: messageField,
    required: ['message'],
    run: async ({ args, ask }) => {
      const fields = { username: { type: 'string' }, email: { type: 'string' } };
      const question = form(String(args['message']), fields, ['username', 'email']);
      return told(await ask({ user: question }));
    },
  },
  test_elicitation_sep1034_defaults: {
    description: 'Asks the user with defaults for every field',
    run: async ({ ask }) => told(await ask({ user: form('Defaults', fieldsWithDefaults, []) })),
  },
  test_elicitation_sep1330_enums: {
    description: 'Asks the user with every kind of choice',
    run: async ({ ask }) => told(await ask({ user: form('Choices', fieldsWithChoices, []) })),
  },
  test_input_required_result_elicitation: {
    description: 'Asks the user for a name',
    run: async ({ ask }) => {
      const { name } = filledIn((await ask({ user_name: nameForm }))['user_name']);
      return text(`Hello, ${String(name)}!`);
    },
  },
  test_input_required_result_sampling: {
    description: 'Asks the model for a capital',
    run: async ({ ask }) => {
      const question = prompt('What is the capital of France?', 100);
      return text(said((await ask({ capital_question: question }))['capital_question']));
    },
  },
  test_input_required_result_list_roots: {
    description: 'Asks the client for its folders',
    run: async ({ ask }) => {
      const answer = (await ask({ client_roots: roots }))['client_roots'];
      return text(JSON.stringify(answer?.['roots']));
    },
  },
  test_input_required_result_request_state: confirming('state-ok'),
  test_input_required_result_tampered_state: confirming('integrity-ok'),
  test_input_required_result_multiple_inputs: {
    description: 'Asks the user, the model and the client at once',
    run: async ({ ask }) => {
      const answers = await ask({ user_name: nameForm, greeting, client_roots: roots });
      const { name } = filledIn(answers['user_name']);
      return text(`${said(answers['greeting'])} ${String(name)}`);
    },
  },
  test_input_required_result_multi_round: {
    description: 'Asks the user twice',
    run: async ({ ask }) => {
      const { name } = filledIn((await ask({ step1: nameForm }))['step1']);
      const { color } = filledIn((await ask({ step2: colorForm }))['step2']);
      return text(`${String(name)} likes ${String(color)}`);
    },
  },
  test_input_required_result_capabilities: {
    description: 'Asks whom it may',
    run: async ({ ask, declared }) => {
      const all: Questions = { user_name: nameForm, greeting, client_roots: roots };
      const kinds: Data = { user_name: 'elicitation', greeting: 'sampling', client_roots: 'roots' };
      const possible = Object.entries(all).filter(([key]) => String(kinds[key]) in declared);
      if (possible.length === 0) return text('there is nobody to ask');
      return text(Object.keys(await ask(Object.fromEntries(possible))).join(' '));
    },
  },
};

function confirming(words: string): Tool {
  return {
    description: 'Asks for a confirmation',
    run: async ({ ask }) => {
      await ask({ confirm: okForm });
      return text(words);
    },
  };
}

function told(answers: Readonly<Record<string, Data>>): Data {
  const answer = answers['user'] ?? {};
  const { action, content = {} } = answer;
  return text(`User response: action=${String(action)}, content=${JSON.stringify(content)}`);
}
