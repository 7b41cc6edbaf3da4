import type { z } from 'zod';
import { Problem } from '../../errors.ts';
import { plannedText } from '../fleet.ts';
import type { Handlers } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';

type FleetHandlers = Pick<
  Handlers,
  'fleet.get' | 'fleet.read' | 'fleet.plan' | 'fleet.save' | 'fleet.apply'
>;

/** Handlers of the noun `fleet`. */
export function createFleetHandlers({ daemon }: HandlerNeeds): FleetHandlers {
  return {
    async 'fleet.get'() {
      const { fleet, file } = daemon.currentFleet();
      return {
        name: fleet.name,
        revision: fleet.revision,
        file,
        servers: fleet.servers.map((spec) => spec.name),
        profile: daemon.profile,
      };
    },
    async 'fleet.read'() {
      return { file: daemon.currentFleet().file, ...(await daemon.fleetFile.readText()) };
    },
    async 'fleet.plan'({ text }) {
      try {
        const { revision, actions } = await daemon.fleetFile.planText(text);
        return { problems: [], revision, actions: [...actions] };
      } catch (error) {
        const problems = problemsOf(error);
        if (problems === undefined) throw error;
        return { problems, revision: daemon.currentFleet().fleet.revision, actions: [] };
      }
    },
    'fleet.save': ({ text, hash }) => daemon.fleetFile.saveText(text, hash),
    'fleet.apply': ({ dryRun }) => daemon.applyFleet(dryRun),
  };
}

/** What is wrong with the text; undefined when something else went wrong. */
function problemsOf(error: unknown): z.output<typeof plannedText>['problems'] | undefined {
  if (!(error instanceof Problem) || error.code !== 'fleet_invalid') return undefined;
  return plannedText.shape.problems.parse(error.details?.['problems']);
}
