import type { ServerSpec } from '../../fleet/fleet.ts';
import type { Permit } from './gate.ts';
import type { ConcreteLaunch } from './launch.ts';
import { execProbe, httpProbe, type Probe, tcpProbe } from './probes.ts';

/** A service without any probe counts as ready when it has lived this long. */
const quietReadyMs = 1_000;
/** Pauses between probes while a server starts: soon at first, then every half second. */
const startPausesMs = [20, 40, 80, 160, 320, 500];

/** The probes a server asks for besides its protocol, in the order they are tried. */
export function probesOf(
  spec: ServerSpec,
  { launch, probe }: { readonly launch: ConcreteLaunch; readonly probe: Permit | undefined },
  port: number | undefined,
): readonly Probe[] {
  const { health } = spec;
  const probes: Probe[] = [];
  const wantsTcp = health.tcp ?? (spec.kind === 'service' && launch.healthUrl === undefined);
  const tcpPort = typeof health.tcp === 'number' ? health.tcp : port;
  if (wantsTcp !== false && tcpPort !== undefined) probes.push(tcpProbe(tcpPort));
  if (launch.healthUrl !== undefined) probes.push(httpProbe(launch.healthUrl));
  if (probe !== undefined) probes.push(execProbe(probe, { cwd: launch.cwd, env: launch.env }));
  return probes;
}

/** Runs all probes once, one after the other; rejects with the first that fails. */
export async function runProbes(probes: readonly Probe[], timeoutMs: number): Promise<void> {
  for (const probe of probes) await probe(timeoutMs);
}

/**
 * Resolves when every probe passes, or after a second of life when there is none; rejects (with the last failure) when
 * `isOver` says that nobody waits any more.
 */
export async function waitUntilReady(
  probes: readonly Probe[],
  timeoutMs: number,
  isOver: () => boolean,
): Promise<void> {
  if (probes.length === 0) return pause(quietReadyMs);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await runProbes(probes, timeoutMs);
    } catch (error) {
      if (isOver()) throw error;
    }
    await pause(startPausesMs[Math.min(attempt, startPausesMs.length - 1)] ?? 0);
  }
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
