import { Link } from 'wouter';
import { ApprovalCard } from '../audit/approval-card.tsx';
import { AuditBox } from '../audit/audit-box.tsx';
import { useAsk } from '../client/use-ask.ts';
import type { PageNeeds } from '../page-needs.ts';
import { useTitle } from '../parts/use-title.ts';

const everyMs = 2_000;

/** What waits for a person at left, the record of what was done at right. */
export function ApprovalsPage(props: PageNeeds) {
  const { client, fleet, say } = props;
  const { data, failure, again } = useAsk(client, 'approval.list', {}, everyMs);
  const count = data?.waiting.length ?? 0;
  const verdict =
    data === undefined
      ? say('loading')
      : count === 0
        ? say('approvals.verdict.good')
        : say.many('approvals.verdict.wait', count);
  useTitle(verdict, fleet);
  return (
    <>
      <div className="head auto">
        <div>
          <h1 aria-live="polite">{verdict}</h1>
          <p>{data === undefined ? '' : say(`approvals.policy.${data.policy}`)}</p>
        </div>
        <div className="btns">
          <Link className="btn" href="/approvals?q=server.approve&range=30d">
            {say('approvals.decided')}
          </Link>
        </div>
      </div>
      <div className="two">
        <div className="stack">
          {data?.waiting.map((one, index) => (
            <ApprovalCard
              key={one.server}
              {...props}
              waiting={one}
              isFirst={index === 0}
              onDone={again}
            />
          ))}
          {count > 0 ? null : (
            <section className="box">
              <p className="empty">
                {data === undefined ? (failure ?? say('loading')) : say('approvals.none')}
              </p>
            </section>
          )}
        </div>
        <AuditBox {...props} />
      </div>
    </>
  );
}
