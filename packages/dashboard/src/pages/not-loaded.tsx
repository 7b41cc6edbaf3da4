import type { PageNeeds } from '../page-needs.ts';

/** Stands where a page should: why it is not there, and a way to try again. */
export function notLoaded(reason: string) {
  return function NotLoaded({ say }: PageNeeds) {
    return (
      <div className="head auto">
        <div>
          <h1>{say('app.notLoaded')}</h1>
          <p>{reason}</p>
        </div>
        <div className="btns">
          <button type="button" className="btn main" onClick={() => location.reload()}>
            {say('app.loadAnew')}
          </button>
        </div>
      </div>
    );
  };
}
