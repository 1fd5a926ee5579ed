import { randomBytes } from 'node:crypto';
import { Type } from 'typebox';
import { hashOfSecret } from '../auth/api-keys.ts';
import { ProblemError } from '../problem.ts';
import { insertApiKey, listApiKeys, lockApiKey, revokeApiKey } from '../repositories/api-keys.ts';
import type { ApiKey } from '../repositories/api-keys.ts';
import { exact, instant, text } from '../schemas/common.ts';
import { actorOf } from '../scope/scope.ts';
import { workspaceRoute } from './route.ts';

const PATH = '/v1/workspaces/:workspace/api-keys';
const keyId = Type.String({ pattern: '^[A-Za-z0-9]{8,40}$' });
const name = text(200);
const keySchema = exact({ keyId, name, createdBy: Type.String(), createdAt: instant, revokedAt: Type.Union([instant, Type.Null()]) });

/** Keys by which programs use the workspace. */
export const apiKeyRoutes = [
  workspaceRoute({
    method: 'GET',
    path: PATH,
    summary: 'Lists the API keys, revoked ones too.',
    permission: 'api_keys.manage',
    records: [],
    schemas: { answer: exact({ apiKeys: Type.Array(keySchema) }) },
    async handle({ client, workspace }) {
      const keys = await listApiKeys(client, workspace.workspaceId);
      return { answer: { apiKeys: keys.map(shown) } };
    },
  }),
  workspaceRoute({
    method: 'POST',
    path: PATH,
    summary: 'Creates an API key. It is told in this answer and never again.',
    answersSecret: true,
    permission: 'api_keys.manage',
    records: ['api_key.created'],
    status: 201,
    schemas: { body: exact({ name }), answer: exact({ ...keySchema.properties, key: Type.String() }) },
    async handle({ client, workspace: { workspaceId }, principal }, { body }) {
      // Hexadecimal: no underscore of it can be taken for the one before the secret.
      const [id, secret] = [randomBytes(10).toString('hex'), randomBytes(32).toString('base64url')];
      const secretHash = await hashOfSecret(secret);
      const key = await insertApiKey(client, workspaceId, { keyId: id, name: body.name, createdBy: actorOf(principal).actor }, secretHash);
      return { answer: { ...shown(key), key: `hm_key_${id}_${secret}` }, recorded: [{ action: 'api_key.created', target: id, details: { name: key.name } }] };
    },
  }),
  workspaceRoute({
    method: 'DELETE',
    path: `${PATH}/:key`,
    summary: 'Revokes an API key: it gets 401 from the next request on.',
    permission: 'api_keys.manage',
    inGrace: true,
    records: ['api_key.revoked'],
    problems: ['NOT_FOUND'],
    schemas: { params: exact({ key: keyId }) },
    async handle({ client, workspace: { workspaceId }, principal }, { params: { key: id } }) {
      const key = await lockApiKey(client, workspaceId, id);
      if (key === undefined) throw new ProblemError('NOT_FOUND');
      if (key.revokedAt !== null) return { answer: undefined };
      await revokeApiKey(client, workspaceId, id, actorOf(principal).actor);
      return { answer: undefined, recorded: [{ action: 'api_key.revoked', target: id, details: { name: key.name } }] };
    },
  }),
];

function shown({ createdAt, revokedAt, ...key }: ApiKey) {
  return { ...key, createdAt: createdAt.toISOString(), revokedAt: revokedAt?.toISOString() ?? null };
}
