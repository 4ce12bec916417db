// The HTTP interface of every service as one OpenAPI document.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { readAnswers } from './answers.mjs';
import { routesOf } from './routes.mjs';

const PORTS = { governance: 7400, 'signal-ingestion': 7401, 'regime-detection': 7402, 'model-lab': 7403 };
const ERRORS = {
  401: 'No token, or one that is not believed.',
  403: 'The caller lacks the role, or four eyes forbid it.',
  404: 'There is nothing of that id that the caller may see.',
  409: 'It contradicts what stands: read again.',
  422: 'The request is not as described; the message names the field.',
};

/** The document; throws when it is not valid OpenAPI. */
export async function describeApi(root) {
  const require = createRequire(join(root, 'package.json'));
  const { AUTHORIZATION_MATRIX } = require('./libs/contracts');
  const { lineStages } = require('./services/allostat');
  const { People } = require('./libs/platform');
  const { z } = require('zod');
  const stages = lineStages({ people: new People([]), clock: { now: () => '' }, commandTime: 'wall' });
  const { answers, components } = readAnswers(root);
  const jsonSchema = (schema) => {
    const { $schema: _meta, ...rest } = z.toJSONSchema(schema, {
      target: 'draft-2020-12',
      io: 'input',
      unrepresentable: 'any',
    });
    return rest;
  };
  const paths = {};
  for (const route of stages.filter(({ http }) => http).flatMap(routesOf)) {
    const at = (paths[route.path.replace(/:(\w+)/g, '{$1}')] ??= {});
    const verb = route.method.toLowerCase();
    // identity is the same on every service
    if (at[verb]) at[verb].tags.push(route.stage);
    else at[verb] = operationOf(route, AUTHORIZATION_MATRIX[`${route.method} ${route.path}`], answers, jsonSchema);
  }
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Allostat over HTTP',
      version: '1.0.0',
      description:
        'What people, feeds, witnesses and monitors call. Tags name the service that answers; `x-roles` who may. Every service also answers `GET /health/live`, `GET /health/ready` and `GET /metrics` without a token.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: Object.entries(PORTS).map(([stage, port]) => ({ url: `http://127.0.0.1:${port}`, description: stage })),
    tags: Object.keys(PORTS).map((name) => ({ name })),
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A token of the identity provider or of `POST /identity/token`, or the secret of a local account.',
        },
      },
      responses: Object.fromEntries(
        Object.entries(ERRORS).map(([status, description]) => [
          `E${status}`,
          { description, content: json({ $ref: '#/components/schemas/Error' }) },
        ]),
      ),
      schemas: {
        Error: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['code', 'message'],
              properties: {
                code: { type: 'string' },
                message: { type: 'string', description: 'What was wrong, and where.' },
                hint: { type: 'string', description: 'What to do next.' },
              },
            },
          },
        },
        ...Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))),
      },
    },
  };
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  if (!valid) throw new Error(`the description of the interface is not valid OpenAPI: ${JSON.stringify(errors)}`);
  return document;
}

function operationOf(route, access, answers, jsonSchema) {
  const { said, schema } = answers.get(`${route.controller}.${route.handler}`);
  const open = access === 'public';
  const errors = [
    ...(open ? [] : [401, 403]),
    ...(route.path.includes(':') ? [404] : []),
    ...(route.method === 'GET' ? [] : [409]),
    422,
  ];
  const body = route.parts.find(({ place }) => place === 'body');
  if (said === '')
    throw new Error(
      `${route.controller}.${route.handler} needs a comment: it is what the interface's description says`,
    );
  const [summary, ...rest] = said.split(/(?<=\.)\s+/);
  return {
    operationId: `${route.controller.replace(/Controller$/, '')}.${route.handler}`,
    tags: [route.stage],
    summary: summary.replaceAll('\n', ' '),
    ...(rest.length > 0 && { description: rest.join(' ').replaceAll('\n', ' ') }),
    ...(open ? { security: [] } : { security: [{ token: [] }], 'x-roles': [...access] }),
    parameters: route.parts.flatMap((part) => parametersOf(part, jsonSchema)),
    ...(body?.schema && { requestBody: { required: true, content: json(jsonSchema(body.schema)) } }),
    responses: {
      [route.status]: route.stream
        ? { description: 'Events as they happen.', content: { 'text/event-stream': { schema: { type: 'string' } } } }
        : { description: 'Done.', content: json(schema()) },
      ...Object.fromEntries(errors.map((status) => [status, { $ref: `#/components/responses/E${status}` }])),
    },
  };
}

function parametersOf({ place, name, schema }, jsonSchema) {
  if (place === 'body') return [];
  // the token is said by `security`
  if (place === 'header' && name === 'authorization') return [];
  if (name !== undefined) return [{ name, in: place, required: place === 'path', schema: { type: 'string' } }];
  if (place !== 'query' || schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema);
  return Object.entries(properties).map(([key, value]) => ({
    name: key,
    in: 'query',
    required: required.includes(key),
    schema: value,
  }));
}

function json(schema) {
  return { 'application/json': { schema } };
}
