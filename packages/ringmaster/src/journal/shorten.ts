import type { NewEvent } from './events.ts';

/** Longest text of a field, in characters, and most entries of a list, in an event that is too long as a whole. */
const maxTextLength = 1_000;
const maxEntries = 50;

/**
 * The event with its texts and lists cut, and marked as cut; what names it stays. An event is a note of what
 * happened, not a store: a server's error text of many megabytes must not hold up all the others.
 */
export function shortenEvent(event: NewEvent): NewEvent {
  const fields = Object.entries(event).map(([name, value]) => [name, shorten(value)]);
  return { ...Object.fromEntries(fields), kind: event.kind, subject: event.subject };
}

function shorten(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.length <= maxTextLength ? value : `${value.slice(0, maxTextLength)}…`;
  }
  if (Array.isArray(value)) return value.slice(0, maxEntries).map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shorten(member)]));
}
