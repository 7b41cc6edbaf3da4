import { callWords } from './calls.ts';
import { doorWords } from './doors.ts';
import { fileWords } from './files.ts';
import { fleetPhrases, fleetWords } from './fleet.ts';
import { createInterpreter, type WordRow } from './interpreter.ts';
import { serverWords } from './servers.ts';
import { signInWords } from './sign-in.ts';
import { stateWords } from './states.ts';

/** Every sentence of the daemon about what is so or went wrong, in both languages. */
export const sentences: readonly WordRow[] = [
  ...stateWords,
  ...serverWords,
  ...callWords,
  ...signInWords,
  ...doorWords,
  ...fileWords,
  ...fleetWords,
];

const inJapanese = createInterpreter(sentences, fleetPhrases);

/** Why something is as it is or could not be done, in the language of the reader. */
export function sayWhy(why: string, language: 'en' | 'ja'): string {
  return language === 'en' ? why : inJapanese(why);
}
