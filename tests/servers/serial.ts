/** Does one thing at a time, as many real servers do: `work` takes `ms` milliseconds, after all work before it. */
import { echoTools } from './echo-tools.ts';
import { serveLines } from './line-server.ts';

let last: Promise<unknown> = Promise.resolve();

serveLines({
  name: 'serial',
  tools: [
    ...echoTools,
    {
      name: 'work',
      description: 'Returns the process id after ms milliseconds of its own',
      run(call) {
        const ms = Number(call.arguments['ms'] ?? 10);
        last = last.then(() => new Promise((resolve) => setTimeout(resolve, ms)));
        return last.then(() => String(process.pid));
      },
    },
  ],
});
