import type { FleetProblem } from './problem.ts';
import type { FleetFile } from './schema.ts';
import { unknownName } from './suggest.ts';

type Add = (path: FleetProblem['path'], message: string, at?: 'key' | 'value') => void;

/** The rules about alerts that need more than one field: a misspelt name would be an alert that nobody gets. */
export function checkAlerts({ alerts, servers }: FleetFile, add: Add): void {
  const notifiers = Object.keys(alerts.notifiers);
  alerts.escalation.forEach((level, index) => {
    const path = ['alerts', 'escalation', index];
    level.notifiers.forEach((name, place) => {
      if (notifiers.includes(name)) return;
      const message = unknownName(name, notifiers, 'a notifier in this file');
      add([...path, 'notifiers', place], message);
    });
    const before = alerts.escalation[index - 1];
    if (before !== undefined && before.afterMs >= level.afterMs) {
      const found = `found ${level.afterMs} ms`;
      add(
        [...path, 'afterMs'],
        `${found}, needed more than the ${before.afterMs} ms of the level before`,
      );
    }
  });
  const names = Object.keys(servers);
  for (const name of Object.keys(alerts.servers)) {
    if (names.includes(name)) continue;
    add(['alerts', 'servers', name], unknownName(name, names, 'a server in this file'), 'key');
  }
}
