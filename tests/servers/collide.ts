/** Offers tools of any name: `--tools a,b,c`; each answers `NAME:TOOL`, where `--name NAME`. */
import { textArgument } from './arguments.ts';
import { serveLines } from './line-server.ts';

const name = textArgument('name') ?? 'collide';
const names = (textArgument('tools') ?? 'echo').split(',');

serveLines({ name, tools: names.map((tool) => ({ name: tool, run: () => `${name}:${tool}` })) });
