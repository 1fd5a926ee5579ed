import { Type } from 'typebox';
import { ProblemError } from '../problem.ts';
import { insertPromptView } from '../repositories/prompt-views.ts';
import { readBody, storeBody } from '../repositories/bodies.ts';
import { findMaker } from '../repositories/request-makers.ts';
import { exact, userId } from '../schemas/common.ts';
import { requestId } from '../schemas/usage.ts';
import { administers } from '../scope/permissions.ts';
import type { JsonObject } from '../sealing/document.ts';
import { open, seal } from '../sealing/seal.ts';
import type { RouteDeps } from './deps.ts';
import { workspaceRoute } from './route.ts';
import type { WorkspaceRoute } from './route.ts';

/** Bytes: both directions of a context of 200,000 tokens take some 1 MB, and JSON within JSON up to twice that. */
const STORED_LIMIT = 2 * 1_024 * 1_024;

const params = exact({ request: requestId });
const direction = Type.String();
const metadata = Type.Unsafe<JsonObject>(Type.Record(Type.String(), Type.Unknown()));
const arriving = Type.Object(
  { request: Type.Optional(direction), response: Type.Optional(direction), metadata: Type.Optional(metadata), redactionApplied: Type.Optional(Type.Boolean()) },
  { additionalProperties: false, minProperties: 1 },
);
const bodySchema = exact({
  requestId, userId, redactionApplied: Type.Boolean(),
  // Of a direction an earlier release may have stored what is no text.
  request: Type.Optional(Type.Unknown()), response: Type.Optional(Type.Unknown()), metadata: Type.Optional(metadata),
});

/** Of no request: what it fits is nothing that a client can name. */
const NOBODYS = '';

/** In the ledger, the reason of a look that the service itself recorded. */
const READ = 'The body was read.';

/** What went to a provider and came back, kept sealed. */
export function bodyRoutes({ keys }: Pick<RouteDeps, 'keys'>): readonly WorkspaceRoute[] {
  const decoyPlace = { workspaceId: NOBODYS, requestId: NOBODYS };
  const decoy = seal(keys, decoyPlace, {});
  return [
    workspaceRoute({
      method: 'PUT',
      path: '/v1/:workspace/requests/:request/body',
      summary: 'Stores what is known of the body of a request: either direction, both, or metadata; what comes later joins it.',
      permission: 'requests.write',
      records: ['body.stored'],
      problems: ['NOT_FOUND', 'BODY_SYNC_OFF'],
      bodyLimit: STORED_LIMIT,
      schemas: { params, body: arriving },
      async handle({ client, workspace, principal }, { params: { request }, body: { redactionApplied = false, ...document } }) {
        const maker = await findMaker(client, workspace.workspaceId, request);
        // Of what another device sent, it is not told whether there is such a request.
        if (maker === undefined || (principal.kind === 'device' && maker.deviceId !== principal.deviceId)) throw new ProblemError('NOT_FOUND');
        const outcome = await storeBody(client, keys, workspace, { requestId: request, redactionApplied, ...document });
        if (outcome === 'REQUEST_UNKNOWN') throw new ProblemError('NOT_FOUND');
        if (outcome === 'BODY_SYNC_OFF') throw new ProblemError('BODY_SYNC_OFF');
        return { answer: undefined, recorded: [{ action: 'body.stored', target: request, details: { parts: Object.keys(document).toSorted(), redactionApplied } }] };
      },
    }),
    workspaceRoute({
      method: 'GET',
      path: '/v1/traces/:request/body',
      summary: "Tells the body of one's own request, or as owner or admin of anybody's, which is recorded.",
      permission: 'bodies.read',
      records: ['prompt.viewed'],
      inGrace: true,
      problems: ['WORKSPACE_UNNAMED', 'NOT_FOUND'],
      schemas: { params, answer: bodySchema },
      async handle({ client, workspace, principal, ip, userAgent }, { params: { request } }) {
        const viewer = 'userId' in principal ? principal.userId : undefined;
        const maker = await findMaker(client, workspace.workspaceId, request);
        const readable = administers(principal) || (maker !== undefined && maker.userId === viewer);
        // The same is done for everybody, so that how long it takes tells no more than the answer does.
        const document = await readBody(client, keys, workspace, readable ? request : NOBODYS);
        if (document === undefined) open(keys, decoyPlace, decoy);
        if (!readable) throw new ProblemError('FORBIDDEN');
        if (maker === undefined || document === undefined) throw new ProblemError('NOT_FOUND');
        const answer = { requestId: request, userId: maker.userId, redactionApplied: maker.redactionApplied, ...document };
        if (viewer === undefined || maker.userId === viewer) return { answer };
        // Whoever's client it was, and whatever it records by itself besides, with a reason.
        await insertPromptView(client, workspace.workspaceId, { requestId: request, viewer, subject: maker.userId, reason: READ, consentGrantId: undefined, ip, userAgent });
        return { answer, recorded: [{ action: 'prompt.viewed', target: request, details: { subject: maker.userId } }] };
      },
    }),
  ];
}
