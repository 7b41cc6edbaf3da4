/** Languages in which everything a person reads exists. */
export type Language = 'en' | 'ja';

/**
 * The language to speak: `--lang` when it was given (undefined when it names none of ours), else the first of
 * LC_ALL, LC_MESSAGES and LANG that is set, as POSIX orders them; English for every other locale.
 */
export function chooseLanguage(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Language | undefined {
  if (flag !== undefined) return flag === 'en' || flag === 'ja' ? flag : undefined;
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return locale !== undefined && /^ja(?:$|[_.@-])/i.test(locale) ? 'ja' : 'en';
}

/** The value of `--lang` in raw arguments, needed before they can be parsed because help texts depend on it. */
export function languageFlag(argv: readonly string[]): string | undefined {
  for (const [at, word] of argv.entries()) {
    if (word === '--') return undefined;
    if (word === '--lang') return argv[at + 1] ?? '';
    if (word.startsWith('--lang=')) return word.slice('--lang='.length);
  }
  return undefined;
}
