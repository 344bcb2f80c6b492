import { z } from 'zod';
import { PERMISSIONS } from '../../tenants/index.ts';
import { ONCE_HEADER } from './once.ts';
import { type Operation, TAGS } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { PROBLEM_TYPE } from './problem.ts';
import { problem } from './schemas.ts';

/** JSON Schema 2020-12, which OpenAPI 3.1 speaks. Inputs as they are sent, before defaults and transformations. */
const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest as Record<string, unknown>;
};

/** The fields of an object's schema as parameters. */
function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query') {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

const ERRORS: Record<number, string> = {
  400: 'The request is not right; `errors` says where.',
  401: 'Not signed in.',
  403: 'The key may not do this.',
  404: 'There is nothing here.',
  409: 'It does not fit how things stand.',
  422: 'The idempotency key belongs to another request.',
  423: 'The key is locked.',
  429: 'Too many requests.',
};

function responsesOf(operation: Operation) {
  const { status, response, download = [], permission, method } = operation;
  const content = response
    ? { 'application/json': { schema: schemaOf(response, 'output') } }
    : Object.fromEntries(download.map((type) => [type, { schema: { type: 'string' } }]));
  const wrong = [400, 401, ...(permission === 'public' ? [423] : [403, 404, 409]), 429];
  if (method === 'post' && permission !== 'public') wrong.push(422);
  return {
    [status]: {
      description: 'Done.',
      ...(Object.keys(content).length > 0 && { content }),
      ...(permission !== 'public' && { headers: { 'RateLimit-Remaining': { schema: { type: 'integer' } } } }),
    },
    ...Object.fromEntries(
      wrong
        .sort((a, b) => a - b)
        .map((code) => [code, { description: ERRORS[code], content: { [PROBLEM_TYPE]: { schema: PROBLEM_REF } } }]),
    ),
  };
}

const PROBLEM_REF = { $ref: '#/components/schemas/Problem' };

const whoMayIn = ({ permission }: Operation): string => {
  if (permission === 'public') return 'Without a token.';
  return permission === 'key' ? 'Any key.' : `Permission: \`${permission}\`.`;
};

function pathItem(operation: Operation) {
  const { id, tag, summary, description, params, query, body, permission, method } = operation;
  const onceParameter = {
    name: ONCE_HEADER,
    in: 'header',
    required: false,
    description: 'The same key and request again are answered as before, for a day, without doing anything.',
    schema: { type: 'string', maxLength: 200 },
  };
  const parameters = [
    ...parametersOf(params, 'path'),
    ...parametersOf(query, 'query'),
    ...(method === 'post' && permission !== 'public' ? [onceParameter] : []),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description, whoMayIn(operation)].filter(Boolean).join('\n\n'),
    ...(permission === 'public' ? { security: [] } : {}),
    ...(permission in PERMISSIONS && { 'x-permission': permission }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: responsesOf(operation),
  };
}

/** The document, made from the same schemas that check requests (OpenAPI 3.1). */
export function openApi() {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of OPERATIONS) {
    const item = paths[operation.path] ?? {};
    item[operation.method] = pathItem(operation);
    paths[operation.path] = item;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'LeadRescue API',
      version: '2.0.0',
      description:
        'Leads, conversations, automation and figures of one business. Everything here does what people do in Slack, by the same rules.',
    },
    servers: [{ url: '/api/v2' }],
    security: [{ token: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
  };
}
