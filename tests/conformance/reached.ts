import { type Leg, type Revision, requirementsOf } from './suite.ts';

/** Scenarios that the suite runs without counting them, and that we pass nevertheless; the lists only grow. */
const beside: Readonly<Record<Leg, Readonly<Record<Revision, readonly string[]>>>> = {
  server: {
    '2025-11-25': ['json-schema-2020-12', 'server-session-lifecycle', 'server-sse-polling'],
    '2026-07-28': [
      'json-schema-2020-12',
      'http-header-validation',
      'http-custom-header-server-validation',
    ],
  },
  client: {
    '2025-11-25': ['json-schema-2020-12-preservation'],
    '2026-07-28': [
      'json-schema-2020-12-preservation',
      'auth/client-credentials-basic',
      'auth/client-credentials-jwt',
    ],
  },
};

/** What must pass in each cell: everything the suite counts, and what we pass beside. */
export function mustPass(revision: Revision, leg: Leg): readonly string[] {
  const scored = requirementsOf(revision, leg).filter((one) => one.isScored);
  return [...scored.map(({ scenario }) => scenario), ...beside[leg][revision]];
}
