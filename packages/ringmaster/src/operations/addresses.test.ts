import assert from 'node:assert/strict';
import { test } from 'node:test';
import { docsUrlOf, urlOf } from './addresses.ts';

const rows: {
  what: string;
  spec: { docsUrl?: string; http?: string };
  placed: { url?: string; port?: number };
  url: string | undefined;
  docs: string | undefined;
}[] = [
  {
    what: 'a service with a health path and a documentation path',
    spec: { http: '/health', docsUrl: '/docs' },
    placed: { port: 8000 },
    url: 'http://127.0.0.1:8000',
    docs: 'http://127.0.0.1:8000/docs',
  },
  {
    what: 'a service that does not say that it speaks HTTP',
    spec: {},
    placed: { port: 8000 },
    url: undefined,
    docs: undefined,
  },
  {
    what: 'a service whose port is not chosen yet',
    spec: { docsUrl: '/docs' },
    placed: {},
    url: undefined,
    docs: undefined,
  },
  {
    what: 'an HTTP server with a documentation path',
    spec: { docsUrl: '/docs' },
    placed: { url: 'http://127.0.0.1:9000/mcp', port: 9000 },
    url: 'http://127.0.0.1:9000/mcp',
    docs: 'http://127.0.0.1:9000/docs',
  },
  {
    what: 'a server whose documentation is elsewhere',
    spec: { docsUrl: 'https://example.com/manual' },
    placed: {},
    url: undefined,
    docs: 'https://example.com/manual',
  },
];
for (const { what, spec, placed, url, docs } of rows) {
  test(`${what}: ${url ?? 'no address'}, ${docs ?? 'no documentation'}`, () => {
    const { http, docsUrl } = spec;
    const described = { description: undefined, docsUrl, health: { http } };
    const where = { url: placed.url, port: placed.port };
    assert.deepEqual([urlOf(described, where), docsUrlOf(described, where)], [url, docs]);
  });
}
