import { answerJson } from './answers.ts';
import type { Door } from './api.ts';

/** Where each door begins: an exact path, or everything below a path that ends in a slash. */
export type DoorTable = Readonly<Record<string, Door>>;

/**
 * Hands each request to the door whose path fits best: the exact one, else the longest that it lies below. What no door
 * has is answered with 404.
 */
export function createDoors(table: DoorTable): Door {
  const below = Object.keys(table)
    .filter((path) => path.endsWith('/'))
    .sort((one, other) => other.length - one.length);
  return (request, response, url) => {
    const path = url.split('?')[0] ?? '/';
    const door = table[path] ?? table[below.find((start) => path.startsWith(start)) ?? ''];
    if (door !== undefined) {
      door(request, response, url);
      return;
    }
    const message = `There is nothing at ${path.slice(0, 200)}`;
    answerJson(response, 404, { error: { code: 'not_found', message } });
  };
}
