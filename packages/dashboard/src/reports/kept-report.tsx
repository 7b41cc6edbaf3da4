import { Link } from 'wouter';
import { useAsk } from '../client/use-ask.ts';
import type { PageNeeds } from '../page-needs.ts';
import { type Block, Document } from './document.tsx';

/** One kept report, to read, print, or take along as a file. */
export function KeptReport(props: PageNeeds & { readonly name: string }) {
  const { client, say, name } = props;
  const asked = { report: name, format: 'document', language: say.language } as const;
  const { data, failure } = useAsk(client, 'report.read', asked);
  const file = (format: string): string =>
    `/api/reports/kept/${encodeURIComponent(name)}?format=${format}&language=${say.language}`;
  if (data === undefined) return <p className="empty">{failure ?? say('loading')}</p>;
  return (
    <>
      <div className="btns">
        <button type="button" className="btn main" onClick={() => window.print()}>
          {say('act.print')}
        </button>
        <a className="btn" href={file('json')}>
          JSON
        </a>
        <Link className="btn only-phone" href="/reports">
          {say('reports.back')}
        </Link>
      </div>
      <Document blocks={JSON.parse(data.text) as Block[]} say={say} />
    </>
  );
}
