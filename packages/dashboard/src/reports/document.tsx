import { curvePath } from 'ringmaster/curve-path';
import type { OutputOf } from 'ringmaster/operations';
import { when } from '../format.ts';
import type { Say } from '../words/say.ts';

/** A part of a report, as the daemon words it. */
export type Block = NonNullable<OutputOf<'report.performance'>['document']>[number];

const width = 1_000;
const height = 80;

/** A report as it is read and printed; its title is the page's own. */
export function Document({
  blocks,
  say,
}: {
  readonly blocks: readonly Block[];
  readonly say: Say;
}) {
  return (
    <div className="report box">
      {blocks.map((block, place) => (
        // A document is drawn whole; its parts have no identity but their place.
        <Part key={`${place} ${block.kind}`} block={block} say={say} />
      ))}
    </div>
  );
}

function Part({ block, say }: { readonly block: Block; readonly say: Say }) {
  switch (block.kind) {
    case 'heading':
      return block.level === 1 ? null : <h2>{block.text}</h2>;
    case 'text':
      return <p>{block.text}</p>;
    case 'list':
      return (
        <ul>
          {block.items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      );
    case 'table':
      return <Table {...block} />;
    case 'curve':
      return <Curve {...block} say={say} />;
  }
}

function Table({ headings, rows }: Extract<Block, { kind: 'table' }>) {
  return (
    // Wide tables scroll by themselves; whoever has no pointer needs the focus for that.
    <section className="scroll" tabIndex={0} aria-label={headings.join(', ')}>
      <table>
        <thead>
          <tr>
            {headings.map((heading, place) => (
              <th key={heading} className={place === 0 ? undefined : 'num'}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr key={cells.join(' ')}>
              {cells.map((cell, place) => (
                <td key={`${headings[place]} ${cell}`} className={place === 0 ? 'strong' : 'num'}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Curve(props: Extract<Block, { kind: 'curve' }> & { readonly say: Say }) {
  const { title, fromMs, toMs, points, say } = props;
  const largest = Math.max(...points.map(([, value]) => value));
  const time = (ms: number): string => when(ms, 0, say.language);
  const label = say('report.curve', {
    ...{ title, from: time(fromMs), to: time(toMs) },
    largest: String(Number(largest.toPrecision(3))),
  });
  return (
    <figure>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <path
          d={curvePath(props, { width, height })}
          strokeLinecap="round"
          fill="none"
          stroke="var(--ink)"
          strokeWidth="1.4"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <figcaption className="faint">{label}</figcaption>
    </figure>
  );
}
