import { entry } from '../support/home.ts';
import { testCells } from './cells.ts';

/** All of the suite but one, which it skips itself: it has not been written anew for `subscriptions/listen`. */
const tasks = [
  ...['lifecycle', 'capability-negotiation', 'wire-fields', 'request-state-removal', 'mrtr-input'],
  ...['request-headers', 'dispatch-and-envelope', 'required-task-error', 'mrtr-composition'],
].map((name) => `tasks-${name}`);

testCells(
  'with a server that makes tasks, the gateway conforms to',
  { 'servers of the stateless era': entry('everything/dual', ['--modern-only']) },
  ['/mcp'],
  {
    servers: { tasks: entry('everything/tasks') },
    scenarios: { '2025-11-25': [], '2026-07-28': tasks },
  },
);
