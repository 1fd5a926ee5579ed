import { Type } from 'typebox';
import { batchLimits, storeRequests } from '../repositories/requests.ts';
import { exact } from '../schemas/common.ts';
import { arrivingRow } from '../schemas/usage.ts';
import { readBatch } from '../usage/batch.ts';
import { workspaceRoute } from './route.ts';

const MOST_ROWS = 1_000;

/**
 * Bytes. The longest row takes 980 in ASCII, 162 of them names, and 792 more where the 264 characters of provider and model
 * take four bytes each: 2,000 leave room for white space.
 */
const BATCH_LIMIT = MOST_ROWS * 2_000 + 1_000;

const count = Type.Integer({ minimum: 0 });

/** Where devices and API keys tell of what was called. */
export const ingestRoutes = [
  workspaceRoute({
    method: 'POST',
    path: '/v1/:workspace/requests',
    summary: 'Stores a batch of metered requests; a batch may be sent again.',
    permission: 'requests.write',
    records: ['usage.recorded'],
    bodyLimit: BATCH_LIMIT,
    schemas: { body: exact({ requests: Type.Array(arrivingRow, { minItems: 1, maxItems: MOST_ROWS }) }), answer: exact({ stored: count, repeated: count }) },
    async handle({ client, workspace: { workspaceId }, principal }, { body: { requests } }) {
      const device = principal.kind === 'device' ? principal : undefined;
      const projects = new Set(requests.flatMap(({ projectId }) => projectId ?? []));
      const limits = await batchLimits(client, workspaceId, [...projects]);
      const rows = readBatch(requests, { ...limits, maker: device?.userId });
      const stored = await storeRequests(client, workspaceId, device?.deviceId, rows);
      const answer = { stored, repeated: requests.length - stored };
      return { answer, recorded: [{ action: 'usage.recorded', target: requests[0]?.requestId ?? '', details: answer }] };
    },
  }),
];
