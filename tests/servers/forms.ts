/** Tools whose arguments are of every kind a schema can ask for. `echo` answers what it was given, `show` with every kind of content. */
import { serveLines } from './line-server.ts';

/** One dark pixel. */
const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const inputSchema = {
  type: 'object',
  required: ['url', 'area'],
  properties: {
    url: { type: 'string', format: 'uri', description: 'Where it is' },
    detail: { type: 'string', enum: ['auto', 'low', 'high'], default: 'auto' },
    tokens: { type: 'integer', minimum: 1, maximum: 1_024, default: 300 },
    deep: { type: 'boolean' },
    version: { const: 'v2' },
    area: { $ref: '#/$defs/area' },
    regions: { type: 'array', items: { $ref: '#/$defs/area' }, maxItems: 3 },
    target: {
      description: 'By number or by name',
      oneOf: [
        { title: 'number', type: 'integer' },
        {
          title: 'name',
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string' } },
        },
      ],
    },
    extra: {},
  },
  $defs: {
    area: {
      type: 'object',
      required: ['x'],
      properties: { x: { type: 'number' }, label: { type: ['string', 'null'] } },
    },
  },
};
const content = [
  { type: 'text', text: 'what was found' },
  { type: 'image', mimeType: 'image/png', data: picture },
  { type: 'audio', mimeType: 'audio/wav', data: 'AAAA' },
  { type: 'resource_link', uri: 'forms://one', name: 'the first', description: 'of many' },
  { type: 'resource', resource: { uri: 'forms://two', mimeType: 'text/plain', text: 'its text' } },
];

serveLines({
  name: 'forms',
  eras: 'legacy',
  tools: [
    {
      name: 'echo',
      run: (call) => ({ content: [{ type: 'text', text: JSON.stringify(call.arguments) }] }),
    },
    { name: 'show', run: () => ({ content, structuredContent: { found: 2 } }) },
    { name: 'fail', run: () => ({ content: [{ type: 'text', text: 'no' }], isError: true }) },
  ],
  methods: {
    'tools/list': () => ({
      tools: [
        {
          ...{ name: 'echo', inputSchema, description: 'Answers what it was given' },
          annotations: { readOnlyHint: true, openWorldHint: true },
        },
        { name: 'show', inputSchema: { type: 'object' } },
        { name: 'fail', inputSchema: { type: 'object' } },
      ],
    }),
  },
});
