import { type Block, documentOf, withoutCurves } from '../../reporting/document.ts';
import type { Report } from '../../reporting/report.ts';
import { wordsOf } from '../../reporting/words.ts';
import { renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

type Look = Pick<Terminal, 'language' | 'paint' | 'widthColumns'>;

/** A report as a terminal shows it: headings, sentences and aligned tables, no markup; ends without a line break. */
export function reportText(report: Report, look: Look): string {
  return blocksText(documentOf(report, wordsOf(look.language)), look);
}

/** The same of a report that was put into words already. */
export function blocksText(
  blocks: readonly Block[],
  { paint, widthColumns }: Omit<Look, 'language'>,
): string {
  const partOf = (block: Block): string => {
    switch (block.kind) {
      case 'heading':
        return paint.bold(block.text);
      case 'text':
        return block.text;
      case 'list':
        return block.items.map((item) => `- ${item}`).join('\n');
      case 'table': {
        const columns = block.headings.map((heading, at) => ({
          heading,
          ...(at === 0 ? {} : { align: 'right' as const }),
        }));
        return renderTable(columns, block.rows, widthColumns);
      }
      case 'curve':
        return '';
    }
  };
  const shown = withoutCurves(blocks);
  const parts = shown.map((block, at) => {
    const gap = at === 0 ? '' : shown[at - 1]?.kind === 'heading' ? '\n' : '\n\n';
    return gap + partOf(block);
  });
  return parts.join('');
}
