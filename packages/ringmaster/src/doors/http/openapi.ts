import { z } from 'zod';
import { type ProblemCode, problemRows } from '../../errors.ts';
import { operations } from '../../operations/index.ts';
import { type OperationName, type Route, routes } from '../../operations/routes.ts';
import { answerJson } from './answers.ts';
import type { Door } from './api.ts';

/** `GET /openapi.json`; the document is made when it is first asked for. */
export function createDocument(version: string): Door {
  let document: Schema | undefined;
  return (_request, response) => {
    document ??= openApiDocument(version);
    answerJson(response, 200, document);
  };
}

type Schema = Readonly<Record<string, unknown>>;
type FieldSchemas = Readonly<Record<string, Schema>>;

/** Codes every operation can fail with, besides those it declares. */
const commonErrors: readonly ProblemCode[] = ['bad_request', 'forbidden_origin', 'bug'];
/** Those that come with a body. */
const bodyErrors: readonly ProblemCode[] = ['too_large'];
/** What an Idempotency-Key can be answered with. */
const keyErrors: readonly ProblemCode[] = [
  'key_reused',
  'outcome_unknown',
  'answer_not_kept',
  'keys_full',
];

/**
 * The REST door as an OpenAPI 3.1 document, made from the declared operations. `/api/live`, the stream of events,
 * is described by hand as it is no operation.
 */
function openApiDocument(version: string): Schema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries(routes) as [OperationName, Route][]) {
    const path = `/api${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describe(name, route) };
  }
  paths['/api/live'] = { get: liveStream };
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Ringmaster',
      version,
      description: 'What can be asked of the daemon. Times are milliseconds since 1970 (UTC).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(Object.keys(routes).map(nounOf))].map((name) => ({ name })),
    paths,
    components: { schemas: { Problem: problemSchema } },
  };
}

function describe(name: OperationName, route: Route): Schema {
  const { summary, input, output, errors } = operations[name];
  const asked = schemaOf(input, 'input');
  const fields = (asked['properties'] ?? {}) as FieldSchemas;
  const required = new Set((asked['required'] ?? []) as string[]);
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, field]) => field ?? '');
  const rest = Object.keys(fields).filter((field) => !inPath.includes(field));
  const parameter = (field: string, where: 'path' | 'query'): Schema => ({
    name: field,
    in: where,
    required: where === 'path' || required.has(field),
    schema: fields[field] ?? {},
  });
  const isGet = route.method === 'GET';
  const isReading = route.effect === 'reads';
  return {
    operationId: name,
    summary,
    tags: [nounOf(name)],
    'x-effect': route.effect,
    parameters: [
      ...inPath.map((field) => parameter(field, 'path')),
      ...(isGet ? rest.map((field) => parameter(field, 'query')) : []),
      ...(isReading ? [] : [idempotencyKey]),
    ],
    ...(isGet ? {} : { requestBody: bodyOf(fields, rest, required) }),
    responses: {
      200: {
        description: 'Done',
        content: { 'application/json': { schema: schemaOf(output, 'output') } },
      },
      ...failures([
        ...[...commonErrors, ...(isGet ? [] : bodyErrors)],
        ...[...(isReading ? [] : keyErrors), ...errors],
      ]),
    },
  };
}

function bodyOf(
  fields: FieldSchemas,
  rest: readonly string[],
  required: ReadonlySet<string>,
): Schema {
  const needed = rest.filter((field) => required.has(field));
  const schema = {
    type: 'object',
    properties: Object.fromEntries(rest.map((field) => [field, fields[field]])),
    ...(needed.length === 0 ? {} : { required: needed }),
    additionalProperties: false,
  };
  return { required: needed.length > 0, content: { 'application/json': { schema } } };
}

/** One response a status: codes that share one are told apart by `code`. */
function failures(codes: readonly ProblemCode[]): Schema {
  const byStatus = new Map<number, Set<ProblemCode>>();
  for (const code of codes) {
    const status = problemRows[code].http;
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      status,
      {
        description: [...some].map((code) => `\`${code}\`: ${problemRows[code].hint}`).join('; '),
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    ]),
  );
}

function schemaOf(type: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, { io, unrepresentable: 'any' });
  return schema as Schema;
}

function nounOf(name: string): string {
  return name.slice(0, name.indexOf('.'));
}

const idempotencyKey: Schema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key with the same input within 10 minutes is done once and answered alike',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};

const problemSchema: Schema = {
  type: 'object',
  description: 'RFC 9457, with the code, hint and particulars of the error catalogue',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string', enum: Object.keys(problemRows) },
    hint: { type: 'string' },
    details: { type: 'object' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'hint'],
};

const liveStream: Schema = {
  operationId: 'live',
  summary: 'Follow the journal as server-sent events; resumes after Last-Event-ID without loss',
  tags: ['event'],
  'x-effect': 'reads',
  parameters: [
    { name: 'after', in: 'query', required: false, schema: { type: 'integer', minimum: 0 } },
    {
      name: 'kind',
      in: 'query',
      required: false,
      description: 'Kinds, or prefixes that end in a dot, separated by commas',
      schema: { type: 'string' },
    },
    {
      name: 'calls',
      in: 'query',
      required: false,
      description: 'Finished calls are told as their number alone, as event: calls',
      schema: { type: 'string', enum: ['count'] },
    },
  ],
  responses: {
    200: {
      description: 'A stream',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    },
    ...failures(['bad_request']),
  },
};
