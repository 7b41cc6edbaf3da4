import { createHash } from 'node:crypto';
import type { ServerSpec } from '../../fleet/fleet.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Negotiated } from '../../supervisor/conversation.ts';
import type { ServerLists } from '../catalogue.ts';
import { isObject } from '../messages.ts';

/** What is shown of a server while it sleeps. */
export interface Remembered {
  readonly negotiated: Negotiated;
  readonly lists: ServerLists;
}

/** Keeps what sleeping servers offer, over restarts of the daemon too. */
export interface RememberedLists {
  /** Undefined when nothing is known of the server as its entry is now. */
  load(spec: ServerSpec): Remembered | undefined;
  save(spec: ServerSpec, remembered: Remembered): void;
}

/** Half of what one fact may hold, as writing text as JSON can double it. */
const partMaxLength = 30_000;
/** 3 million characters; a server that offers more is started to be listed. */
const partsMax = 100;

/** Lists as facts of the journal, in parts, as one fact is small. */
export function createRememberedLists(needs: {
  readonly recall: Journal['recall'];
  readonly remember: Journal['remember'];
}): RememberedLists {
  const { recall, remember } = needs;
  const kind = 'lists';

  function part(
    server: string,
    at: number,
  ): { of: string; count: number; text: string } | undefined {
    const fact = recall(kind, `${server}/${at}`);
    if (!isObject(fact)) return undefined;
    const { of, count, text } = fact;
    if (typeof of !== 'string' || typeof count !== 'number' || typeof text !== 'string')
      return undefined;
    return { of, count, text };
  }

  function textOf(spec: ServerSpec): string | undefined {
    const of = entryHash(spec);
    const count = part(spec.name, 0)?.count ?? 0;
    const texts: string[] = [];
    for (let at = 0; at < count; at += 1) {
      const found = part(spec.name, at);
      if (found?.of !== of || found.count !== count) return undefined;
      texts.push(found.text);
    }
    return count === 0 ? undefined : texts.join('');
  }

  return {
    load(spec) {
      const text = textOf(spec);
      return text === undefined ? undefined : (JSON.parse(text) as Remembered);
    },
    save(spec, remembered) {
      const text = JSON.stringify(remembered);
      if (text === textOf(spec)) return;
      const count = Math.ceil(text.length / partMaxLength);
      const before = part(spec.name, 0)?.count ?? 0;
      const kept = count > partsMax ? 0 : count;
      for (let at = kept; at < before; at += 1) remember(kind, `${spec.name}/${at}`, undefined);
      const of = entryHash(spec);
      for (let at = 0; at < kept; at += 1) {
        const from = at * partMaxLength;
        remember(kind, `${spec.name}/${at}`, {
          ...{ of, count, text: text.slice(from, from + partMaxLength) },
        });
      }
    },
  };
}

/** Of everything that decides what runs: another entry may offer something else. */
function entryHash(spec: ServerSpec): string {
  const { kind, command, args, cwd, env, envFile, url, headers, era } = spec;
  const text = JSON.stringify([kind, command, args, cwd, env, envFile, url, headers, era]);
  return createHash('sha256').update(text).digest('hex');
}
