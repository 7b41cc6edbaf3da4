/** A moment of a time zone to the minute, `2026-11-20 18:20`. */
export function timeText(atMs: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone, dateStyle: 'short', timeStyle: 'short' },
  });
  return format.format(atMs);
}

/** `12 ms`, `4.2 s`, `12 min`, `3.5 h`, `2.1 d`: the same in every language. */
export function durationText(durationMs: number): string {
  if (durationMs < 1_000) return `${short(durationMs)} ms`;
  const seconds = durationMs / 1_000;
  if (seconds < 120) return `${short(seconds)} s`;
  if (seconds < 7_200) return `${short(seconds / 60)} min`;
  return seconds < 172_800 ? `${short(seconds / 3_600)} h` : `${short(seconds / 86_400)} d`;
}

/** Bytes in decimal units: `58 MB`. */
export function bytesText(sizeBytes: number): string {
  if (sizeBytes < 1_000_000) return `${short(sizeBytes / 1_000)} kB`;
  if (sizeBytes < 1_000_000_000) return `${short(sizeBytes / 1_000_000)} MB`;
  return `${short(sizeBytes / 1_000_000_000)} GB`;
}

/** Per cent; near a hundred as many places as tell it from a hundred, three at most. */
export function percentText(percent: number): string {
  if (percent > 99 && percent < 100) {
    // 99.9996 must not be shown as 100.
    return `${(Math.floor(percent * 1_000) / 1_000).toString()} %`;
  }
  return `${short(percent)} %`;
}

/** The value of an advice, by the unit its name ends in. */
export function valueText(name: string, value: number): string {
  if (name.endsWith('Ms')) return durationText(value);
  if (name.endsWith('Bytes')) return bytesText(value);
  if (name.toLowerCase().endsWith('percent')) return percentText(value);
  return String(value);
}

function short(value: number): string {
  return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
}
