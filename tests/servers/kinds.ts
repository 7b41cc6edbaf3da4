/** Content that older revisions do not know. `kinds`: a link, sound and text; `rows`: a list as structured content. `--modern`: both eras. */
import { hasArgument } from './arguments.ts';
import { serveLines } from './line-server.ts';

const content = [
  { type: 'resource_link', uri: 'file:///a', name: 'a' },
  { type: 'audio', mimeType: 'audio/wav', data: 'AAAA' },
  { type: 'text', text: 'text' },
];
const outputSchema = { type: 'array', items: { type: 'number' } };

serveLines({
  name: 'kinds',
  eras: hasArgument('modern') ? 'both' : 'legacy',
  tools: [
    { name: 'kinds', run: () => ({ content }) },
    { name: 'rows', run: () => ({ content: [], structuredContent: [1, 2, 3] }) },
  ],
  methods: {
    'tools/list': () => ({
      tools: [
        { name: 'kinds', inputSchema: { type: 'object' } },
        { name: 'rows', inputSchema: { type: 'object' }, outputSchema },
      ],
    }),
  },
});
