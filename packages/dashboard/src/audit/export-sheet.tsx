import { useState } from 'react';
import { auditCsv } from 'ringmaster/audit-csv';
import { reasonOf } from '../client/reason.ts';
import { number } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Sheet } from '../parts/sheet.tsx';
import type { Say } from '../words/say.ts';
import type { AuditAsked, AuditRow } from './use-audit.ts';

/** Most rows of one file, so that a browser can hold it; the command line has no such limit. */
const exportMax = 50_000;
const pageSize = 1_000;

/** Saves what the filter shows as a file; says how far it is, and when there is more than a file takes. */
export function ExportSheet(
  props: Pick<PageNeeds, 'client' | 'say'> & {
    readonly asked: AuditAsked;
    readonly onClose: () => void;
  },
) {
  const { client, say, asked, onClose } = props;
  const [told, setTold] = useState('');
  const [isBusy, setIsBusy] = useState(false);

  async function save(format: 'csv' | 'json'): Promise<void> {
    setIsBusy(true);
    try {
      const rows: AuditRow[] = [];
      let beforeRow: number | undefined;
      do {
        const place = beforeRow === undefined ? {} : { beforeRow };
        const page = await client.ask('audit.list', { ...asked, ...place, limit: pageSize });
        rows.push(...page.rows);
        beforeRow = page.next;
        setTold(say('audit.exporting', { count: number(rows.length) }));
      } while (beforeRow !== undefined && rows.length < exportMax);
      const text =
        format === 'csv'
          ? auditCsv(rows, (atMs) => new Date(atMs).toISOString())
          : JSON.stringify(rows, null, 2);
      download(`audit.${format}`, text, format === 'csv' ? 'text/csv' : 'application/json');
      setTold(saved(rows.length, beforeRow === undefined, say));
    } catch (error) {
      const reason = reasonOf(error);
      setTold(say('audit.notRead', { reason }));
    }
    setIsBusy(false);
  }

  return (
    <Sheet
      title={say('audit.exportTitle')}
      say={say}
      onClose={onClose}
      acts={(['csv', 'json'] as const).map((format) => (
        <button
          key={format}
          type="button"
          className="btn main"
          disabled={isBusy}
          onClick={() => void save(format)}
        >
          {format.toUpperCase()}
        </button>
      ))}
    >
      <p>{say('audit.exportWhat')}</p>
      <p role="status" className="muted">
        {told}
      </p>
    </Sheet>
  );
}

function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

function saved(count: number, isAll: boolean, say: Say): string {
  const fills = { count: number(count), max: number(exportMax) };
  return isAll ? say.many('audit.exported', count, fills) : say('audit.exportedPart', fills);
}
