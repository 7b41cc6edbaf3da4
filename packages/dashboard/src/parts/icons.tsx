import type { ReactNode } from 'react';

/** A bell that is struck out: nobody is told. */
export function BellOff() {
  return (
    <Icon>
      <path d="M3.5 11.5h9l-1.2-1.6V7a3.3 3.3 0 0 0-6.6 0v2.9zM2.5 2.5l11 11" />
    </Icon>
  );
}

/** A magnifying glass: look for something. */
export function Search() {
  return (
    <Icon>
      <circle cx="7" cy="7" r="4.2" />
      <path d="m10.2 10.2 3.3 3.3" />
    </Icon>
  );
}

/** Lines in the colour of the words beside them. */
function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg
      className="icon"
      width="14"
      height="14"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}
