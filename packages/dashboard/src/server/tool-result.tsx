import type { OutputOf } from 'ringmaster/operations';
import { bytes, latency, number } from '../format.ts';
import type { Say } from '../words/say.ts';

/** Most characters of a part on the page. */
const shownMax = 100_000;
/** Most parts of an answer that are drawn; all of them stand in the JSON below. */
const partsMax = 100;
/** Pictures that browsers draw and that carry no script. */
const pictures = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;

type Part = Readonly<Record<string, unknown>>;

/** What a call came to: its parts as what they are, then the whole of it. */
export function ToolResult(props: { readonly answer: OutputOf<'tool.call'>; readonly say: Say }) {
  const { answer, say } = props;
  const { result, resultJson, tookMs } = answer;
  const { value, unit } = latency(tookMs);
  const isError = result['isError'] === true;
  const parts = Array.isArray(result['content']) ? result['content'].filter(isPart) : [];
  const structured = result['structuredContent'];
  const whole = resultJson ?? JSON.stringify(result, undefined, 2);
  return (
    <>
      <p className={isError ? 'is-failed strong' : 'strong'}>
        {say(isError ? 'try.answeredError' : 'try.answered', { took: `${value}\u00a0${unit}` })}
      </p>
      {parts.slice(0, partsMax).map((part, at) => (
        // Parts have no names; they stay where they are.
        <ContentPart key={`${at} ${String(part['type'])}`} {...{ part, say }} />
      ))}
      {parts.length === 0 && structured === undefined ? (
        <p className="muted">{say('try.empty')}</p>
      ) : null}
      {structured === undefined ? null : (
        <>
          <h3>{say('try.structured')}</h3>
          <Shown text={JSON.stringify(structured, undefined, 2)} say={say} />
        </>
      )}
      <details>
        <summary>{say('try.raw')}</summary>
        <Shown text={whole} say={say} />
      </details>
    </>
  );
}

function ContentPart({ part, say }: { readonly part: Part; readonly say: Say }) {
  switch (part['type']) {
    case 'text':
      return <Shown text={textOf(part['text'])} say={say} />;
    case 'image':
      return <Picture type={textOf(part['mimeType'])} data={textOf(part['data'])} say={say} />;
    case 'audio':
      return <Binary type={textOf(part['mimeType'])} data={textOf(part['data'])} say={say} />;
    case 'resource_link':
      return <ResourceLink part={part} />;
    case 'resource':
      return <Resource part={part['resource']} say={say} />;
    default:
      return <Shown text={JSON.stringify(part, undefined, 2)} say={say} />;
  }
}

function Picture(props: { readonly type: string; readonly data: string; readonly say: Say }) {
  const { type, data, say } = props;
  if (!pictures.test(type)) return <Binary {...props} />;
  const label = say('try.image', { type, size: sizeOf(data) });
  return (
    <figure>
      <img src={`data:${type};base64,${data}`} alt={label} />
      <figcaption className="faint">{label}</figcaption>
    </figure>
  );
}

function Binary(props: { readonly type: string; readonly data: string; readonly say: Say }) {
  const { type, data, say } = props;
  return <p className="muted">{say('try.binary', { type, size: sizeOf(data) })}</p>;
}

/** A name, and an address that is only followed when a browser can: a server's own schemes lead nowhere here. */
function ResourceLink({ part }: { readonly part: Part }) {
  const uri = textOf(part['uri']);
  const notes = [part['title'], part['description'], part['mimeType']].filter(
    (note) => typeof note === 'string' && note !== '',
  );
  return (
    <p>
      <b>{textOf(part['name'])}</b>{' '}
      {/^https?:\/\//.test(uri) ? (
        <a className="mono" href={uri} target="_blank" rel="noopener noreferrer">
          {uri}
        </a>
      ) : (
        <span className="mono">{uri}</span>
      )}{' '}
      <span className="muted">{notes.join(' · ')}</span>
    </p>
  );
}

/** A resource within the answer: text, or bytes. */
function Resource({ part, say }: { readonly part: unknown; readonly say: Say }) {
  if (!isPart(part)) return null;
  const { uri, mimeType, text, blob } = part;
  return (
    <>
      <p className="mono">{textOf(uri)}</p>
      {typeof blob === 'string' ? (
        <Picture type={textOf(mimeType)} data={blob} say={say} />
      ) : (
        <Shown text={textOf(text)} say={say} />
      )}
    </>
  );
}

function Shown({ text, say }: { readonly text: string; readonly say: Say }) {
  const pretty = indented(text);
  return (
    <>
      <pre className="json" tabIndex={0}>
        {pretty.slice(0, shownMax)}
      </pre>
      {pretty.length <= shownMax ? null : (
        <p className="muted">
          {say('try.cut', { shown: number(shownMax), all: number(pretty.length) })}
        </p>
      )}
    </>
  );
}

/** Text that is JSON of several members reads better indented; numbers that reading would round stay as they came. */
function indented(text: string): string {
  if (!/^\s*[[{]/.test(text) || text.length > shownMax || /\d{16}/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    // It only looked like JSON.
    return text;
  }
}

/** Of the bytes that base64 text stands for. */
function sizeOf(base64: string): string {
  const { value, unit } = bytes(Math.floor((base64.length * 3) / 4));
  return `${value}\u00a0${unit}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
