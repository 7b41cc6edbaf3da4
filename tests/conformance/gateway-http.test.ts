import { entry } from '../support/home.ts';
import { testCells } from './cells.ts';

const url = 'http://127.0.0.1:${PORT}/mcp';
const http = { url, port: 'auto' };
const modernOnly = ['--modern-only'];
const sse = { url: 'http://127.0.0.1:${PORT}/sse', port: 'auto' };

testCells(
  'before servers over HTTP, the gateway conforms to',
  {
    'a server of both eras over HTTP': entry('everything/dual', [], http),
    'a server of the handshake era over HTTP': entry('everything/legacy', [], http),
    'a server of the stateless era over HTTP': entry('everything/dual', modernOnly, http),
  },
  ['/mcp'],
);

testCells(
  'before a server of 2024-11-05, the gateway conforms to',
  { 'a server over HTTP with events': entry('everything/legacy', [], sse) },
  ['/mcp'],
);
