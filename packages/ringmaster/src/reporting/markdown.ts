import { type Block, documentOf, withoutCurves } from './document.ts';
import type { Report } from './report.ts';
import { type ReportLanguage, wordsOf } from './words.ts';

/** A report as Markdown (GitHub's, for its tables); curves have no place in it. */
export function markdownOf(report: Report, language: ReportLanguage): string {
  const parts = withoutCurves(documentOf(report, wordsOf(language))).flatMap(partOf);
  return `${parts.join('\n\n')}\n`;
}

function partOf(block: Block): string[] {
  switch (block.kind) {
    case 'heading':
      return [`${'#'.repeat(block.level)} ${escaped(block.text)}`];
    case 'text':
      return [escaped(block.text)];
    case 'list':
      return [block.items.map((item) => `- ${escaped(item)}`).join('\n')];
    case 'table':
      return [tableOf(block)];
    case 'curve':
      return [];
  }
}

function tableOf({ headings, rows }: Extract<Block, { kind: 'table' }>): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  const rule = headings.map((_, at) => (at === 0 ? '---' : '---:'));
  return [line(headings), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** What Markdown would take for its own. */
function escaped(text: string): string {
  return text.replace(/[\\`*_|<>[\]]/g, '\\$&').replace(/\s+/g, ' ');
}
