import {
  blankStrings,
  importsOf,
  isTest,
  isTypeScript,
  resolveImport,
  type Source,
  type Verdict,
} from './source.ts';

const product = 'packages/ringmaster/src/';
/** Thought may import this package and nothing else that is not ours. */
const thoughtPackages = new Set(['zod']);
/** Where the rooms meet; these may import every room's hands. */
const meetingPlaces = new Set([
  'daemon.ts',
  'daemon-claim.ts',
  'daemon-core.ts',
  'daemon-office.ts',
  'main.ts',
  'index.ts',
]);

interface Place {
  /** `fleet`, `doors/cli`; empty for the files that stand beside the rooms. */
  readonly room: string;
  readonly side: 'thought' | 'hands' | 'meeting';
}

/** Where a file of the product stands; undefined for every other file. */
export function placeOf(path: string): Place | undefined {
  if (!path.startsWith(product) || !isTypeScript(path)) return undefined;
  const parts = path.slice(product.length).split('/');
  const [first = '', second = ''] = parts;
  if (parts.length === 1)
    return { room: '', side: meetingPlaces.has(first) ? 'meeting' : 'thought' };
  if (first === 'doors') return { room: `doors/${second}`, side: 'hands' };
  return { room: first, side: parts.includes('io') ? 'hands' : 'thought' };
}

/** Imports go hands → thought → zod, and rooms meet only in `daemon*.ts`. Why: ARCHITECTURE.md. */
export function roomsMeetOnlyInDaemon(sources: readonly Source[]): Verdict {
  const faults: string[] = [];
  let seen = 0;
  for (const source of sources) {
    const from = placeOf(source.path);
    if (from === undefined || isTest(source.path)) continue;
    for (const { target, how } of importsOf(source)) {
      seen += 1;
      const to = resolveImport(source, target);
      const fault =
        to === undefined ? packageFault(from, target) : placeFault(from, placeOf(to), how, to);
      if (fault !== undefined) faults.push(`${source.path}: ${fault}`);
    }
  }
  return { seen, faults };
}

function packageFault(from: Place, target: string): string | undefined {
  if (from.side !== 'thought' || thoughtPackages.has(target)) return undefined;
  return `thought imports ${target}; it may import only ${[...thoughtPackages].join(', ')}`;
}

function placeFault(
  from: Place,
  to: Place | undefined,
  how: 'static' | 'dynamic',
  path: string,
): string | undefined {
  if (to === undefined) return `imports ${path}, which is outside the product`;
  if (from.side === 'thought' && to.side !== 'thought') return `thought imports hands: ${path}`;
  if (from.side === 'meeting' || to.side === 'thought') return undefined;
  if (from.room === to.room) return undefined;
  // A command of the command line loads what it needs when it runs: in its own process it is a daemon.ts of its own.
  if (from.room === 'doors/cli' && how === 'dynamic') return undefined;
  return `hands of "${from.room}" import hands of another room: ${path}; take them as a parameter`;
}

/** No circle between the thought of rooms. */
export function roomsFormNoCircle(sources: readonly Source[]): Verdict {
  const edges = new Map<string, Map<string, string>>();
  let seen = 0;
  for (const source of sources) {
    const from = placeOf(source.path);
    if (from?.side !== 'thought' || isTest(source.path)) continue;
    for (const { target } of importsOf(source)) {
      const to = placeOf(resolveImport(source, target) ?? '');
      if (to === undefined || to.room === from.room || to.room === '') continue;
      seen += 1;
      const targets = edges.get(from.room) ?? new Map<string, string>();
      edges.set(from.room, targets.set(to.room, source.path));
    }
  }
  return { seen, faults: [...edges.keys()].flatMap((room) => circleFrom(room, edges)) };
}

function circleFrom(start: string, edges: Map<string, Map<string, string>>): string[] {
  const visit = (room: string, way: string[]): string[] => {
    for (const [next, path] of edges.get(room) ?? []) {
      if (next === start) {
        const circle = [...way, start];
        // Each circle is told once, from its first room by name.
        return circle.toSorted()[0] === start ? [`circle ${circle.join(' → ')} (${path})`] : [];
      }
      if (way.includes(next)) continue;
      const found = visit(next, [...way, next]);
      if (found.length > 0) return found;
    }
    return [];
  };
  return visit(start, [start]);
}

/** No file of the product needs another that needs it in turn, not even for a type: each can be read after those it names. */
export function filesFormNoCircle(sources: readonly Source[]): Verdict {
  const files = new Map(
    sources.filter(({ path }) => path.startsWith('packages/')).map((file) => [file.path, file]),
  );
  const done = new Set<string>();
  const faults: string[] = [];
  const visit = (file: Source, way: readonly string[]): void => {
    for (const { target } of importsOf(file)) {
      const next = files.get(resolveImport(file, target) ?? '');
      if (next === undefined || done.has(next.path)) continue;
      const at = way.indexOf(next.path);
      if (at === -1) visit(next, [...way, next.path]);
      else faults.push(`circle ${[...way.slice(at), next.path].join(' → ')}`);
    }
    done.add(file.path);
  };
  for (const file of files.values()) if (!done.has(file.path)) visit(file, [file.path]);
  return { seen: done.size, faults };
}

const impure = [
  // A Date of a given moment in UTC is arithmetic; the clock and the machine's time zone are not.
  /(?<![.\w]|new )Date\b(?!\s*:|\.UTC\()/g,
  /new Date\b(?!\([^)\s])/g,
  /\.[gs]et(?:FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset)\(/g,
  /(?<![.\w])process\s*\./g,
  /\bMath\.random\b/g,
  /(?<![.\w])(?:performance|globalThis|crypto)\s*\./g,
];

/** Thought is told the time, the environment and chance; it takes none of them itself. */
export function thoughtIsPure(sources: readonly Source[]): Verdict {
  const thoughts = sources.filter(
    (source) => placeOf(source.path)?.side === 'thought' && !isTest(source.path),
  );
  const faults = thoughts.flatMap((source) => {
    const text = blankStrings(source.text);
    const words = impure.flatMap((pattern) => [...text.matchAll(pattern)].map(([word]) => word));
    return words.map((word) => `${source.path}: thought uses ${word}; take it as a parameter`);
  });
  return { seen: thoughts.length, faults };
}
