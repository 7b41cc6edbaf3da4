import { useAsk } from '../client/use-ask.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Sheet } from '../parts/sheet.tsx';

/** What is probably amiss with one server, what that rests on, and what to do. */
export function Diagnosis(
  props: PageNeeds & { readonly server: string; readonly onClose: () => void },
) {
  const { client, say, server, onClose } = props;
  const { data, failure } = useAsk(client, 'server.diagnose', {
    server,
    language: say.language,
  });
  return (
    <Sheet title={say('diagnosis.title', { server })} say={say} onClose={onClose}>
      {data === undefined ? (
        <p>{failure ?? say('loading')}</p>
      ) : (
        <>
          <p>
            <b>{data.told}</b> <span className="faint">{say(`diagnosis.${data.certainty}`)}</span>
          </p>
          <h3>{say('diagnosis.evidence')}</h3>
          <ul className="mono">
            {data.evidence.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <h3>{say('diagnosis.next')}</h3>
          <ul>
            {data.next.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      )}
    </Sheet>
  );
}
