import type { Clock } from '../../clock.ts';
import { expandText } from '../../fleet/expand.ts';
import type { NotifierTools } from './notifiers/notifier.ts';

/** Tools that look `${VAR}` up anew at each delivery, so that a changed secret needs no restart. */
export function createNotifierTools(needs: {
  readonly clock: Clock;
  readonly variables: () => Promise<Readonly<Record<string, string | undefined>>>;
  readonly run: NotifierTools['run'];
}): NotifierTools {
  return {
    nowMs: needs.clock.nowMs,
    run: needs.run,
    async expand(text) {
      const variables = await needs.variables();
      const expanded = expandText(text, (name) => variables[name]);
      if (expanded.missing.length > 0)
        throw new Error(`found no value for ${expanded.missing.join(', ')}`);
      return expanded.text;
    },
  };
}
