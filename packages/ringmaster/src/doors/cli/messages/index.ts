import type { ProblemCode } from '../../../errors.ts';
import { problemRows } from '../../../errors.ts';
import type { Language } from '../language.ts';
import { fill, type Say, type Sentences } from './say.ts';

/** One language, loaded: its sentences, and the hint for every kind of error. */
export interface Speech {
  readonly language: Language;
  readonly say: Say;
  hint(code: ProblemCode): string;
}

/** Loads a language; only the one that is spoken is read from disk. */
export async function loadSpeech(language: Language): Promise<Speech> {
  if (language === 'ja') {
    const [{ japanese }, { japaneseHints }] = await Promise.all([
      import('./ja.ts'),
      import('../../../japanese/hints.ts'),
    ]);
    return { language, say: speak(japanese), hint: (code) => japaneseHints[code] };
  }
  const { english } = await import('./en.ts');
  return { language, say: speak(english), hint: (code) => problemRows[code].hint };
}

function speak(sentences: Sentences): Say {
  return (key, ...values) => fill(sentences[key], values[0] ?? {});
}
