/** Takes server-sent events apart, however they are cut into chunks; `onMessage` gets the data of each. */
export function createEventReader(
  maxLength: number,
  onMessage: (data: string) => void,
): { read(chunk: string): void; isOver(): boolean } {
  let rest = '';
  let data: string[] = [];
  let length = 0;
  return {
    read(chunk) {
      const text = rest + chunk;
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        const line = text.slice(from, text[end - 1] === '\r' ? end - 1 : end);
        from = end + 1;
        if (line === '') {
          if (data.length > 0) onMessage(data.join('\n'));
          data = [];
          length = 0;
        } else if (line.startsWith('data:')) {
          data.push(line.slice(line[5] === ' ' ? 6 : 5));
          length += line.length;
        }
      }
      rest = text.slice(from);
    },
    isOver: () => rest.length + length > maxLength,
  };
}
