import { Glyph } from '../parts/glyph.tsx';
import { type Severity, severityClass } from './rule-words.ts';

/** A severity as a drawing of its own: told apart without colour. */
export function SeverityGlyph(props: { readonly severity: Severity; readonly size?: number }) {
  const { severity, size = 18 } = props;
  return (
    <span className={severityClass(severity)}>
      {severity === 'high' ? (
        <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 1.5 15.2 14H.8z" fill="currentColor" />
          <path d="M8 6v3.6M8 11.2v1.2" stroke="var(--sheet)" strokeWidth="1.6" />
        </svg>
      ) : (
        <Glyph state={glyphs[severity]} size={size} />
      )}
    </span>
  );
}

const glyphs = { info: 'starting', warning: 'sick', critical: 'failed' } as const;
