import type { Family, Labels, Sample } from './family.ts';

/** Content type of the text format that every Prometheus since 2014 reads. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** Families as the text format of Prometheus, version 0.0.4; those without samples are left out. */
export function toExposition(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(textOf)
    .join('');
}

function textOf(family: Family): string {
  const { name, type, help } = family;
  const head = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
  return head + family.samples.map((sample) => sampleText(family, sample)).join('');
}

function sampleText({ name, ends = [] }: Family, sample: Sample): string {
  const { labels } = sample;
  if ('value' in sample) return `${name}${labelText(labels)} ${sample.value}\n`;
  let below = 0;
  let text = '';
  for (const [place, count] of sample.buckets.entries()) {
    below += count;
    const le = place < ends.length ? String(ends[place]) : '+Inf';
    text += `${name}_bucket${labelText({ ...labels, le })} ${below}\n`;
  }
  const rest = labelText(labels);
  return `${text}${name}_sum${rest} ${sample.sum}\n${name}_count${rest} ${below}\n`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
