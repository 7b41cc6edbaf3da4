/**
 * The first question of a page, asked before its scripts are there; `src/client/fleet-store.ts` makes the
 * same address, or it would be asked twice. A file of its own, as the page's policy allows no script within it.
 */
const showsLanes = /^\/(servers\/.*)?$/.test(location.pathname);
const range = showsLanes ? new URLSearchParams(location.search).get('range') : null;
const question = document.createElement('link');
question.rel = 'preload';
question.as = 'fetch';
question.crossOrigin = 'anonymous';
question.href = `/api/fleet/overview?rangeMs=${encodeURIComponent(range ?? '6h')}`;
document.head.append(question);
