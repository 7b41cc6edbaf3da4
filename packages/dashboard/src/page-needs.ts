import type { Client } from './client/client.ts';
import type { FleetStore } from './client/fleet-store.ts';
import type { Questions } from './client/questions.ts';
import type { Settings } from './client/settings.ts';
import type { Toasts } from './client/toasts.ts';
import type { Language, Say } from './words/say.ts';

/** What every page is given. */
export interface PageNeeds {
  readonly client: Client;
  readonly fleet: FleetStore;
  readonly say: Say;
  readonly settings: Settings;
  readonly toasts: Toasts;
  readonly questions: Questions;
  readonly setLanguage: (language: Language) => void;
}
