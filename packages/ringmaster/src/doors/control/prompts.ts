/** A runbook for an agent. */
export interface Runbook {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly takesName: boolean;
  text(name: string): string;
}

/** The runbooks the control server offers as prompts. */
export const runbooks: readonly Runbook[] = [
  {
    name: 'repair_process',
    title: 'Repair a failed process',
    description: 'Find out why a process fails, mend its entry, and verify that it serves',
    takesName: true,
    text: (name) =>
      `Process "${name}" does not serve. 1. Call diagnose for it. 2. If the cause needs a person (a secret, an approval, a sign-in), stop and say what they must do. 3. If its entry is wrong: call edit_process with only what is to change. Otherwise mend what the evidence names and call restart_process. 4. Call get_process_status until it is ready or failed; if it failed, diagnose again, at most three times. 5. Report the cause, the change and the state.`,
  },
  {
    name: 'check_fleet',
    title: 'Check the whole fleet',
    description: 'Look at every process and tell what needs help, the worst first',
    takesName: false,
    text: () =>
      'Check the fleet. 1. Call check_health and list_processes. 2. For every process that is failed, waiting or sick call diagnose. 3. Call get_log_summary for the last 60 minutes. 4. Report what needs help, the worst first, each with cause, evidence and what to do. Change nothing.',
  },
];
