/**
 * Only one of it can run (`--lock PATH`, see `only-one.ts`). Right after its handshake it announces other tools, as
 * servers do that look at their client.
 */
import './only-one.ts';
import { echoTools } from './echo-tools.ts';
import { serveLines, writeLine } from './line-server.ts';

serveLines({
  name: 'alone',
  eras: 'legacy',
  tools: echoTools,
  before({ method }) {
    if (method === 'notifications/initialized')
      writeLine({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    return true;
  },
});
