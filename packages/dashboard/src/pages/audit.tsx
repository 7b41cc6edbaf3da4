import { AuditBox } from '../audit/audit-box.tsx';
import { useAsk } from '../client/use-ask.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Told } from '../parts/told.tsx';
import { useTitle } from '../parts/use-title.ts';

const dayMs = 86_400_000;
/** Refusals that are counted in the verdict; more are told as "100 or more". */
const countedMax = 100;

/** Who did what, by which door, and what became of it. */
export function AuditPage(props: PageNeeds) {
  const { client, fleet, say } = props;
  const asked = { choice: 'refused', rangeMs: dayMs, limit: countedMax } as const;
  const { data } = useAsk(client, 'audit.list', asked, 10_000);
  const count = data?.rows.length ?? 0;
  const verdict =
    data === undefined
      ? say('loading')
      : count === 0
        ? say('audit.verdict.good')
        : count < countedMax
          ? say.many('audit.verdict.refused', count)
          : say('audit.verdict.many', { count });
  useTitle(verdict, fleet);
  return (
    <>
      <div className="head auto">
        <div>
          <h1 aria-live="polite">
            <Told
              words={verdict}
              href={count === 0 ? undefined : '/audit?show=refused&range=24h'}
            />
          </h1>
          <p>{say('audit.rest')}</p>
        </div>
      </div>
      <AuditBox {...props} />
    </>
  );
}
