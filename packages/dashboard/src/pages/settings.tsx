import { useState } from 'react';
import { sayWhy } from 'ringmaster/say-why';
import type { Theme } from '../client/settings.ts';
import { useAsk } from '../client/use-ask.ts';
import { useFleet } from '../client/use-fleet.ts';
import { KeyList } from '../keys/key-list.tsx';
import type { PageNeeds } from '../page-needs.ts';
import { useTitle } from '../parts/use-title.ts';
import { FleetEditor } from '../settings/fleet-editor.tsx';
import type { Language } from '../words/say.ts';

const themes: readonly Theme[] = ['system', 'light', 'dark'];
const languages: readonly (readonly [Language, string])[] = [
  ['en', 'English'],
  ['ja', '日本語'],
];

/** The fleet file, and how this browser shows things. */
export function SettingsPage(needs: PageNeeds) {
  const { client, fleet, say } = needs;
  const { overview } = useFleet(fleet);
  const { data: status } = useAsk(client, 'daemon.status', {}, 5_000);
  const rejected = status?.lastRejected;
  const verdict =
    overview === undefined
      ? say('loading')
      : say(rejected === undefined ? 'settings.verdict.good' : 'settings.verdict.bad', {
          revision: overview.revision,
        });
  useTitle(verdict, fleet);
  return (
    <>
      <div className="head auto">
        <div>
          <h1 aria-live="polite">{verdict}</h1>
          {rejected?.problems.map((problem) => (
            <p key={problem} className="mono is-failed">
              {sayWhy(problem, say.language)}
            </p>
          ))}
        </div>
      </div>
      <FleetEditor {...needs} />
      <div className="two settings">
        <View {...needs} />
        <section className="box" aria-label={say('keys.title')}>
          <header>
            <h2>{say('keys.title')}</h2>
          </header>
          <KeyList say={say} />
        </section>
      </div>
    </>
  );
}

function View({ settings, say, setLanguage }: PageNeeds) {
  const [theme, setTheme] = useState(settings.theme());
  const [hasKeys, setHasKeys] = useState(settings.hasSingleKeys());
  return (
    <section className="box" aria-label={say('settings.view')}>
      <header>
        <h2>{say('settings.view')}</h2>
      </header>
      <div className="form">
        <fieldset className="seg" aria-label={say('settings.language')}>
          {languages.map(([one, name]) => (
            <button
              key={one}
              type="button"
              lang={one}
              aria-pressed={one === say.language}
              onClick={() => setLanguage(one)}
            >
              {name}
            </button>
          ))}
        </fieldset>
        <fieldset className="seg" aria-label={say('app.theme')}>
          {themes.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === theme}
              onClick={() => {
                settings.setTheme(one);
                setTheme(one);
              }}
            >
              {say(`theme.${one}`)}
            </button>
          ))}
        </fieldset>
        <NameField settings={settings} say={say} />
        <label className="check">
          <input
            type="checkbox"
            checked={hasKeys}
            onChange={({ target }) => {
              settings.setSingleKeys(target.checked);
              setHasKeys(target.checked);
            }}
          />
          {say('settings.singleKeys')}
        </label>
      </div>
    </section>
  );
}

function NameField({ settings, say }: Pick<PageNeeds, 'settings' | 'say'>) {
  return (
    <label className="field">
      <span>{say('settings.name')}</span>
      <input
        className="area"
        defaultValue={settings.name()}
        maxLength={100}
        onChange={({ target }) => settings.setName(target.value)}
      />
    </label>
  );
}
