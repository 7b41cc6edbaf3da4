/** What one figure is: its unit, and a sentence about it. */
export interface MetricRow {
  readonly unit: string;
  readonly describe: string;
}

/** Figures of the machine, each sampled every `metrics.sampleMs`. */
export const machineMetrics = {
  cpuPercent: { unit: '%', describe: 'Busy share of all cores since the sample before' },
  memoryUsedBytes: { unit: 'bytes', describe: 'Memory that cannot be given away at once' },
  memoryPercent: { unit: '%', describe: 'The same as a share of all memory' },
  swapUsedBytes: { unit: 'bytes', describe: 'Swap in use' },
  diskUsedBytes: {
    unit: 'bytes',
    describe: 'In use on the disk of the data directory, asked every 10 s',
  },
  diskPercent: { unit: '%', describe: 'The same as a share of what can be used' },
  load: { unit: 'processes', describe: 'Mean of processes that want to run, over one minute' },
  connections: { unit: 'sockets', describe: 'TCP sockets in use, IPv4 and IPv6' },
  processCount: { unit: 'processes', describe: 'Processes of the machine, at most every 10 s' },
  uptimeMs: { unit: 'ms', describe: 'Since the machine was started' },
  sessions: { unit: 'sessions', describe: 'Sessions of clients that are open at the gateway' },
} as const satisfies Record<string, MetricRow>;

/** Figures of one server: its whole process tree, of all its instances together. */
export const serverMetrics = {
  cpuPercent: { unit: '% of one core', describe: 'CPU time since the sample before' },
  memoryBytes: { unit: 'bytes', describe: 'Resident memory; shared pages count in each process' },
  pssBytes: { unit: 'bytes', describe: 'Proportional memory, once a minute: shared pages divided' },
  threads: { unit: 'threads', describe: 'Threads' },
  openFiles: { unit: 'files', describe: 'Open file descriptors, at most twice a minute' },
  processCount: { unit: 'processes', describe: 'Processes' },
  uptimeMs: { unit: 'ms', describe: 'Since its oldest instance was started' },
  restarts: { unit: 'starts', describe: 'Starts after the first in this life of the daemon' },
} as const satisfies Record<string, MetricRow>;

export type MachineMetric = keyof typeof machineMetrics;
export type ServerMetric = keyof typeof serverMetrics;
/** Name of a figure that is sampled. */
export type MetricName = MachineMetric | ServerMetric;
/** Figures that could be had; one that could not is left out, never zero. */
export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;

/** What the machine is called where a server is named; no server can be called so. */
export const machineSubject = '';

/** What was measured of one server, or of the machine, at one moment. */
export interface MetricSample {
  readonly atMs: number;
  /** A server, or `machineSubject`. */
  readonly subject: string;
  readonly values: MetricValues;
}

/** Takes in samples without waiting; on disk within ten seconds. */
export type RecordSamples = (samples: readonly MetricSample[]) => void;
