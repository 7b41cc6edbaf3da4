import { useEffect, useState, useSyncExternalStore } from 'react';
import { type Toast, type Toasts, toastMs } from '../client/toasts.ts';
import type { Say } from '../words/say.ts';
import { Act } from './act.tsx';
import { Glyph } from './glyph.tsx';

/** What was just done, at the lower right; read out by screen readers as it comes. */
export function ToastList({ toasts, say }: { readonly toasts: Toasts; readonly say: Say }) {
  const list = useSyncExternalStore(toasts.subscribe, toasts.list);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((toast) => (
        <Line key={toast.id} {...{ toast, toasts, say }} />
      ))}
    </div>
  );
}

function Line(props: { readonly toast: Toast; readonly toasts: Toasts; readonly say: Say }) {
  const { toast, toasts, say } = props;
  const { id, kind, undo } = toast;
  const [isHeld, setIsHeld] = useState(false);
  const goes = kind === 'done' && !isHeld;
  useEffect(() => {
    if (!goes) return;
    const timer = setTimeout(() => toasts.close(id), toastMs);
    return () => clearTimeout(timer);
  }, [goes, toasts, id]);
  const hold = { onFocus: () => setIsHeld(true), onBlur: () => setIsHeld(false) };
  return (
    <div
      className="toast"
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
    >
      <span className={kind === 'done' ? 'is-ready' : 'is-failed'}>
        <Glyph state={kind === 'done' ? 'ready' : 'failed'} />
      </span>
      <span className="grow">{toast.text}</span>
      {undo === undefined ? null : (
        <Act
          type="button"
          className="btn"
          {...hold}
          onClick={() => {
            toasts.close(id);
            undo();
          }}
        >
          {say('toast.undo')}
        </Act>
      )}
      <button
        type="button"
        className="btn bare"
        aria-label={say('toast.close')}
        {...hold}
        onClick={() => toasts.close(id)}
      >
        <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
          <path d="m2 2 8 8m0-8-8 8" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </button>
    </div>
  );
}
