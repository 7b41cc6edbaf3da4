import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Questions } from '../client/questions.ts';
import type { Say } from '../words/say.ts';
import { Glyph } from './glyph.tsx';

/** Asks before something is lost: question, consequences with figures, way back; the button says the act. */
export function QuestionBox({
  questions,
  say,
}: {
  readonly questions: Questions;
  readonly say: Say;
}) {
  const question = useSyncExternalStore(questions.subscribe, questions.open);
  const dialog = useRef<HTMLDialogElement>(null);
  const isYes = useRef(false);
  useEffect(() => {
    isYes.current = false;
    if (question !== undefined) dialog.current?.showModal();
  }, [question]);
  if (question === undefined) return null;
  return (
    <dialog
      ref={dialog}
      className="pop"
      role="alertdialog"
      aria-labelledby="question"
      aria-describedby="consequences"
      onClose={() => questions.answer(isYes.current)}
    >
      <div className="asked">
        <span className="is-failed">
          <Glyph state="failed" size={18} />
        </span>
        <div>
          <h2 id="question">{question.title}</h2>
          <div id="consequences">
            {question.lines.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </div>
        </div>
      </div>
      <div className="btns answers">
        <button type="button" className="btn" onClick={() => dialog.current?.close()}>
          {say('ask.cancel')} <kbd>Esc</kbd>
        </button>
        <button
          type="button"
          className="btn risk main"
          onClick={() => {
            isYes.current = true;
            dialog.current?.close();
          }}
        >
          {question.act}
        </button>
      </div>
    </dialog>
  );
}
