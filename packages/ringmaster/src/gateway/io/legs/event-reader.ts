/** One server-sent event. */
export interface ServerEvent {
  /** Empty when the event only says where the stream stands. */
  readonly data: string;
  /** Of the event itself; undefined when it has none. */
  readonly id: string | undefined;
  /** `message` unless it says otherwise. */
  readonly name: string;
  /** How long to wait before the stream is taken up again, if it says so. */
  readonly retryMs: number | undefined;
}

/** Some programs begin whatever they write with it; it is no part of the text (Unicode, 23.8). */
export const byteOrderMark = '\ufeff';

const nothing: ServerEvent = { data: '', id: undefined, name: 'message', retryMs: undefined };

/** Takes server-sent events apart, however they are cut into chunks. */
export function createEventReader(
  maxLength: number,
  onEvent: (event: ServerEvent) => void,
): { read(chunk: string): void; isOver(): boolean } {
  // Pieces of the last line, which are put together once: a line may come in a thousand of them.
  let pieces: string[] = [];
  let piecesLength = 0;
  let data: string[] = [];
  let length = 0;
  let event = nothing;
  let isBegun = false;
  let isAfterReturn = false;

  /** Without the mark at its very beginning, every line ended by `\n`: CR, LF and CRLF all may (HTML, server-sent events). */
  function plain(chunk: string): string {
    if (chunk === '') return chunk;
    let text = !isBegun && chunk.startsWith(byteOrderMark) ? chunk.slice(1) : chunk;
    isBegun = true;
    if (isAfterReturn && text.startsWith('\n')) text = text.slice(1);
    isAfterReturn = chunk.endsWith('\r');
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  }

  function finish(): void {
    if (data.length > 0) event = { ...event, data: data.join('\n') };
    if (event !== nothing) onEvent(event);
    event = nothing;
    data = [];
    length = 0;
  }

  function take(line: string): void {
    if (line.startsWith('data:')) {
      data.push(fieldOf(line, 5));
      length += line.length;
    } else if (line.startsWith('id:')) event = { ...event, id: fieldOf(line, 3) };
    else if (line.startsWith('event:')) event = { ...event, name: fieldOf(line, 6) };
    else if (line.startsWith('retry:') && /^\d{1,9}$/.test(fieldOf(line, 6))) {
      event = { ...event, retryMs: Number(fieldOf(line, 6)) };
    }
  }

  return {
    read(chunk) {
      const part = plain(chunk);
      if (!part.includes('\n')) {
        pieces.push(part);
        piecesLength += part.length;
        return;
      }
      const text = pieces.length === 0 ? part : pieces.join('') + part;
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        const line = text.slice(from, end);
        from = end + 1;
        if (line === '') finish();
        else take(line);
      }
      pieces = from < text.length ? [text.slice(from)] : [];
      piecesLength = text.length - from;
    },
    isOver: () => piecesLength + length > maxLength,
  };
}

function fieldOf(line: string, from: number): string {
  return line.slice(line[from] === ' ' ? from + 1 : from);
}
