/**
 * The first questions of a page, asked before its scripts are there; `src/client/fleet-store.ts` and
 * `src/metrics/use-panels.ts` make the same addresses, or they would be asked twice. A file of its own, as the page's
 * policy allows no script within it.
 */
const query = new URLSearchParams(location.search);
const usual = '6h';
const range = query.get('range') ?? usual;

const showsLanes = /^\/(servers\/.*)?$/.test(location.pathname);
ask('/api/fleet/overview?', showsLanes ? range : usual);

const isNarrowed = ['server', 'from', 'to'].some((key) => query.has(key));
if (location.pathname === '/metrics' && range !== 'samples' && !isNarrowed) {
  ask('/api/metrics?metric=cpuPercent&', range);
  ask('/api/metrics?server=all&metric=calls&together=true&', range);
  ask('/api/metrics?server=all&metric=memoryBytes&largest=4&', range);
}

function ask(address, rangeMs) {
  const question = document.createElement('link');
  question.rel = 'preload';
  question.as = 'fetch';
  question.crossOrigin = 'anonymous';
  question.href = `${address}rangeMs=${encodeURIComponent(rangeMs)}`;
  document.head.append(question);
}
