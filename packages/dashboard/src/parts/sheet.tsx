import { type ReactNode, useEffect, useId, useRef } from 'react';
import type { Say } from '../words/say.ts';

/** A dialog with a title; Escape and its button close it, and the focus goes back to what opened it. */
export function Sheet(props: {
  readonly title: string;
  readonly say: Say;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons beside the one that closes. */
  readonly acts?: ReactNode;
}) {
  const { title, say, onClose, children, acts } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="pop" aria-labelledby={heading} onClose={onClose}>
      <div className="sheet">
        <h2 id={heading}>{title}</h2>
        {children}
      </div>
      <div className="btns answers">
        <button type="button" className="btn" onClick={() => dialog.current?.close()}>
          {say(acts === undefined ? 'toast.close' : 'ask.cancel')} <kbd>Esc</kbd>
        </button>
        {acts}
      </div>
    </dialog>
  );
}
