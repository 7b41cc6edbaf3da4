import { chosenLanguage, type Language } from '../words/say.ts';

/** `system` follows what the machine is set to. */
export type Theme = 'light' | 'dark' | 'system';

/** What this browser remembers of its reader. */
export interface Settings {
  language(): Language;
  setLanguage(language: Language): void;
  theme(): Theme;
  setTheme(theme: Theme): void;
  /** Whether single letters act; WCAG 2.1.4 asks for a way to switch them off. */
  hasSingleKeys(): boolean;
  setSingleKeys(isOn: boolean): void;
  /** Whose acts these are, for the record; empty when nobody said. */
  name(): string;
  setName(name: string): void;
}

/** Reads and applies what was chosen before. */
export function createSettings(): Settings {
  const stored = (name: string): string | null => {
    try {
      return localStorage.getItem(`ringmaster.${name}`);
    } catch {
      // Storage may be forbidden; then choices last as long as the page.
      return null;
    }
  };
  const store = (name: string, value: string): void => {
    try {
      localStorage.setItem(`ringmaster.${name}`, value);
    } catch {
      // See above.
    }
  };
  let theme = themeOf(stored('theme'));
  let hasSingleKeys = stored('keys') !== 'off';
  apply(theme);
  return {
    language: () => chosenLanguage(stored('language'), navigator.languages),
    setLanguage: (language) => store('language', language),
    theme: () => theme,
    setTheme(next) {
      theme = next;
      store('theme', next);
      apply(next);
    },
    name: () => stored('name') ?? '',
    setName: (name) => store('name', name.trim().slice(0, 100)),
    hasSingleKeys: () => hasSingleKeys,
    setSingleKeys(isOn) {
      hasSingleKeys = isOn;
      store('keys', isOn ? 'on' : 'off');
    },
  };
}

function themeOf(stored: string | null): Theme {
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function apply(theme: Theme): void {
  if (theme === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.dataset['theme'] = theme;
}
