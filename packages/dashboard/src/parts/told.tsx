import { Link } from 'wouter';
import { withRange } from './range-choice.tsx';

/** Words with a count in them; with `href` they lead to what was counted. */
export function Told({
  words,
  href,
}: {
  readonly words: string;
  readonly href?: string | undefined;
}) {
  if (href === undefined) return words;
  return <Link href={withRange(href)}>{words}</Link>;
}
