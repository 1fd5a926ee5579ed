import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { appendAudit } from '../../../db/audit/append.ts';
import { inTransaction } from '../../../db/transaction.ts';
import { refused, refuseGuessers } from '../auth/caller.ts';
import { hashOfToken, newDeviceToken } from '../auth/credential.ts';
import { hashOfUserCode, newUserCode } from '../auth/pairing-codes.ts';
import { ProblemError } from '../problem.ts';
import { holdMember } from '../repositories/members.ts';
import { claimPairing, startPairing } from '../repositories/pairings.ts';
import { exact, instant, machineId, text, uuid } from '../schemas/common.ts';
import { userAgentOf } from '../scope/enter.ts';
import type { EnterDeps } from '../scope/enter.ts';
import { problemResponses } from './route-schema.ts';

type PairingDeps = Pick<EnterDeps, 'pool' | 'failures'>;

/** Bytes: a pairing says no more than what a machine is called. */
const BODY_LIMIT = 4_096;

const problems = problemResponses(['REQUEST_INVALID', 'UNAUTHENTICATED', 'REQUEST_TIMEOUT', 'BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED', 'TOO_MANY_ATTEMPTS', 'INTERNAL', 'TOO_BUSY']);
const started = exact({ deviceCode: Type.String(), userCode: Type.String(), expiresAt: instant });
const pending = exact({ status: Type.Literal('pending') });
const paired = exact({ status: Type.Literal('paired'), workspaceId: uuid, deviceId: uuid, token: Type.String() });

/** What a daemon does to be paired: it has no credential yet, and shows the code that it was given. */
export function pairingRoutes({ pool, failures }: PairingDeps): FastifyPluginAsyncTypebox {
  // eslint-disable-next-line typescript/require-await -- Fastify tells a plugin by its promise
  return async (app) => {
    app.addHook('onRequest', async (request) => {
      refuseGuessers(failures, [`address ${request.ip}`]);
    });

    const start = {
      summary: 'Starts the pairing of a machine. A member approves it by the user code, within ten minutes.',
      security: [],
      querystring: exact({}),
      body: exact({ machineId, name: text(200) }),
      response: { 201: started, ...problems },
    };
    app.post('/v1/pairings', { bodyLimit: BODY_LIMIT, schema: start }, async ({ body }, reply) => {
      const deviceCode = randomBytes(32).toString('base64url');
      const userCode = newUserCode();
      const ends = await inTransaction(pool, {}, (client) => startPairing(client, hashOfToken(deviceCode), hashOfUserCode(userCode), body));
      // Another machine was just given the same code, which the next try hardly will be.
      if (ends === undefined) throw new ProblemError('TOO_BUSY', { retryAfter: 1 });
      return reply.code(201).send({ deviceCode, userCode, expiresAt: ends.toISOString() });
    });

    const claim = {
      summary: "Tells the device's token once the pairing was approved, in this answer and never again.",
      description: 'Recorded as `device.paired`.',
      security: [],
      querystring: exact({}),
      body: exact({ deviceCode: text(100) }),
      response: { 200: paired, 202: pending, ...problemResponses(['WORKSPACE_READ_ONLY']), ...problems },
    };
    app.post('/v1/pairings/claim', { bodyLimit: BODY_LIMIT, schema: claim }, async (request, reply) => {
      const token = newDeviceToken(randomBytes(32));
      const device = await claimedDevice({ pool, failures }, request, request.body.deviceCode, token);
      if (device === undefined) return reply.code(202).send({ status: 'pending' });
      return reply.code(200).send({ status: 'paired', ...device, token });
    });
  };
}

/** Undefined while nobody has approved it. */
async function claimedDevice({ pool, failures }: PairingDeps, request: FastifyRequest, deviceCode: string, token: string): Promise<{ readonly workspaceId: string; readonly deviceId: string } | undefined> {
  const deviceId = randomUUID();
  return inTransaction(pool, {}, async (client) => {
    const claimed = await claimPairing(client, hashOfToken(deviceCode), deviceId, hashOfToken(token));
    if (claimed === undefined) throw refused(failures, request, 'PAIRING_UNKNOWN');
    if (claimed === 'pending') return undefined;
    const { workspaceId, machineId: machine, approvedBy } = claimed;
    // His devices were revoked when he was removed; one that he had approved before would come after that.
    if (!(await holdMember(client, workspaceId, approvedBy))) throw refused(failures, request, 'PAIRING_APPROVER_REMOVED');
    const details = { machineId: machine, address: request.ip, userAgent: userAgentOf(request) };
    await appendAudit(client, { actorKind: 'member', actor: approvedBy, action: 'device.paired', target: deviceId, details });
    return { workspaceId, deviceId };
  });
}
