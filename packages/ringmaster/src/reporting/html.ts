import { curvePath } from './curve-path.ts';
import { type Block, documentOf } from './document.ts';
import type { Report } from './report.ts';
import { timeText } from './units.ts';
import { type ReportLanguage, wordsOf } from './words.ts';

const style = `
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #8884; text-align: right }
th:first-child, td:first-child { text-align: left }
.wide { overflow-x: auto }
figure { margin: 1rem 0; break-inside: avoid }
svg { width: 100%; height: 8rem; display: block; border-bottom: 1px solid #8888 }
path { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round;
  vector-effect: non-scaling-stroke }
figcaption { font-size: 13px }
@media print { body { margin: 0; max-width: none; font-size: 10pt } h2 { break-after: avoid } }
`;

/** Of a curve, in units of its own; the page scales it. */
const width = 1_000;
const height = 100;

/** A report as one HTML page: no script, and nothing loaded from anywhere. */
export function htmlOf(report: Report, language: ReportLanguage): string {
  const blocks = documentOf(report, wordsOf(language));
  const parts = blocks.map((block) => partOf(block, report.timeZone));
  const [first] = blocks;
  const title = first?.kind === 'heading' ? escaped(first.text) : '';
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${parts.join('\n')}
</body>
</html>
`;
}

function partOf(block: Block, timeZone: string): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${escaped(block.text)}</h${block.level}>`;
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
    case 'table':
      return tableOf(block);
    case 'curve':
      return curveOf(block, timeZone);
  }
}

function tableOf({ headings, rows }: Extract<Block, { kind: 'table' }>): string {
  const row = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((cells) => row(cells, 'td')).join('\n');
  const head = `<thead>${row(headings, 'th')}</thead>`;
  return `<div class="wide"><table>${head}<tbody>\n${body}\n</tbody></table></div>`;
}

function curveOf(curve: Extract<Block, { kind: 'curve' }>, timeZone: string): string {
  const { title, fromMs, toMs, points } = curve;
  const largest = Math.max(...points.map(([, value]) => value));
  const ends = `${timeText(fromMs, timeZone)} – ${timeText(toMs, timeZone)}`;
  const label = `${escaped(title)}: 0 – ${Number(largest.toPrecision(3))}, ${ends}`;
  return `<figure><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${label}"><path d="${curvePath(curve, { width, height })}"/></svg><figcaption>${label}</figcaption></figure>`;
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
  return text.replace(/[&<>"]/g, (sign) => `&${names[sign]};`);
}
