import { entry } from '../support/home.ts';
import { testCells } from './cells.ts';

/**
 * The suite asks and walks away. A question nobody answers holds a process of a server whose questions do not say to
 * which call they belong, until the server's patience ends: hence room for more than are abandoned.
 */
const pool = { max: 32 };

testCells(
  'through both endpoints, the gateway conforms to',
  {
    'a server of both eras on stdio': entry('everything/dual'),
    'a server of the handshake era on stdio': entry('everything/legacy', [], { pool }),
    'a server of the stateless era on stdio': entry('everything/dual', ['--modern-only']),
  },
  ['/servers/everything/mcp', '/mcp'],
);
