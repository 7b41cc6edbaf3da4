import { sayWhy } from '../../japanese/say-why.ts';
import type { NewEvent } from '../../journal/events.ts';
import { formatDuration, formatTime, localOffsetMinutes, printable } from './format.ts';
import type { Terminal } from './terminal.ts';

/**
 * What a person at a foreground daemon wants to read of an event, in one line; undefined for the many that only
 * the journal needs.
 */
export function eventSentence(event: NewEvent, terminal: Terminal): string | undefined {
  const words = wordsOf(event, terminal);
  if (words === undefined) return undefined;
  const time = formatTime(event.atMs, localOffsetMinutes(event.atMs)).slice(11);
  return `  ${terminal.paintNotes.dim(time)}  ${printable(words)}`;
}

function wordsOf(event: NewEvent, { say, language, paintNotes }: Terminal): string | undefined {
  const server = paintNotes.bold(event.subject);
  const why = (text: string) => sayWhy(text, language);
  switch (event.kind) {
    case 'instance.ready': {
      const duration = formatDuration(event.tookMs, language);
      return `${server} ${paintNotes.green(say('event.ready', { duration }))}`;
    }
    case 'instance.died':
      if (event.expected) return undefined;
      return `${server} ${paintNotes.yellow(say('event.died', { why: why(event.why), next: why(event.next) }))}`;
    case 'instance.failed':
      return `${server} ${paintNotes.red(say('event.failed', { why: why(event.why) }))}`;
    case 'instance.sick':
      return `${server} ${paintNotes.yellow(say('event.sick', { why: why(event.why) }))}`;
    case 'instance.overLimit':
      return `${server} ${paintNotes.yellow(say('event.overLimit', { why: why(event.why) }))}`;
    case 'instance.stopped':
      return `${server} ${say('event.stopped', { why: why(event.why) })}`;
    case 'record.unsaved':
      return paintNotes.red(say('event.unsaved', { why: why(event.why) }));
    case 'fleet.applied':
      return say('event.applied', { revision: event.revision, count: event.actions.length });
    case 'fleet.rejected':
      return paintNotes.red(
        say('event.rejected', { problems: event.problems.map(why).join('; ') }),
      );
    default:
      // Not a guess: every other kind is for the journal alone.
      return undefined;
  }
}
