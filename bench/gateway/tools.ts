/** A tool as servers of this bench offer it, as long as such definitions usually are. */
export function benchTool(name: string): object {
  return {
    name,
    description: 'One of many tools, with a description of the usual length for such a thing',
    inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
  };
}
