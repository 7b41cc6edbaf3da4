import type { PageNeeds } from '../page-needs.ts';

/** An address without a page. */
export function NotThere({ say }: PageNeeds) {
  return (
    <div className="head">
      <h1>{say('page.notThere')}</h1>
    </div>
  );
}
