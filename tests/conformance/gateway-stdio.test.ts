import { entry } from '../support/home.ts';
import { testCells } from './cells.ts';

testCells(
  'through both endpoints, the gateway conforms to',
  {
    'a server of both eras on stdio': entry('everything/dual'),
    'a server of the handshake era on stdio': entry('everything/legacy'),
    'a server of the stateless era on stdio': entry('everything/dual', ['--modern-only']),
  },
  ['/servers/everything/mcp', '/mcp'],
);
