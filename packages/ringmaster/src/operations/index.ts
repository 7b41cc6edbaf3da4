import type { z } from 'zod';
import { adviceOperations } from './advice.ts';
import { alertOperations } from './alerts.ts';
import { approvalOperations } from './approvals.ts';
import { auditOperations } from './audit.ts';
import { callOperations } from './calls.ts';
import { daemonOperations } from './daemon.ts';
import { diagnosisOperations } from './diagnosis.ts';
import { eventOperations } from './events.ts';
import { fleetOperations } from './fleet.ts';
import { healthOperations } from './health.ts';
import { logOperations } from './logs.ts';
import { metricOperations } from './metrics.ts';
import type { Operation } from './operation.ts';
import { overviewOperations } from './overview.ts';
import { reportOperations } from './reports.ts';
import type { OperationName } from './routes.ts';
import { scheduleOperations } from './schedules.ts';
import { serverOperations } from './servers.ts';
import { toolOperations } from './tools.ts';

/** Every operation; a name in `routes.ts` without an entry here, or the other way round, does not compile. */
export const operations = {
  ...daemonOperations,
  ...serverOperations,
  ...approvalOperations,
  ...auditOperations,
  ...logOperations,
  ...toolOperations,
  ...callOperations,
  ...fleetOperations,
  ...overviewOperations,
  ...metricOperations,
  ...eventOperations,
  ...scheduleOperations,
  ...healthOperations,
  ...alertOperations,
  ...reportOperations,
  ...adviceOperations,
  ...diagnosisOperations,
} as const satisfies Record<OperationName, Operation>;

export type Operations = typeof operations;
export type InputOf<Name extends OperationName> = z.output<Operations[Name]['input']>;
export type AskedOf<Name extends OperationName> = z.input<Operations[Name]['input']>;
export type OutputOf<Name extends OperationName> = z.output<Operations[Name]['output']>;

/** One handler for each operation; the compiler names what is missing. */
export type Handlers = {
  readonly [Name in OperationName]: (input: InputOf<Name>) => Promise<OutputOf<Name>>;
};
