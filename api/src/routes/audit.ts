import { Type } from 'typebox';
import { exportEntries } from '../../../db/audit/export.ts';
import type { ExportedEntry } from '../../../db/audit/hash.ts';
import { invalid } from '../problem.ts';
import { readAudit, readHead, verifyAudit } from '../repositories/audit-log.ts';
import { exact, instant, instantOf, text } from '../schemas/common.ts';
import { limit, pageLength, sequence } from '../schemas/page.ts';
import type { Exports, Produce } from '../usage/exports.ts';
import { csvLines } from './csv.ts';
import { streamed } from './streamed.ts';
import { workspaceRoute } from './route.ts';

const PATH = '/v1/workspaces/:workspace/audit';
const hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const anchorSchema = exact({ sequence, hash });
const entrySchema = exact({
  sequence, recordedAt: Type.String(), actorKind: Type.String(), actor: Type.String(), action: Type.String(), target: Type.String(),
  details: Type.String({ description: 'Text of a JSON object, to the byte as it was hashed.' }), previousHash: hash, hash,
});

/** Columns of the CSV: those of an export, from which the chain can be verified without us. */
const COLUMNS = ['sequence', 'recorded_at', 'actor_kind', 'actor', 'action', 'target', 'details', 'previous_hash', 'hash'] as const satisfies readonly (keyof ExportedEntry)[];
/** Lines that are put together before they are sent. */
const LINES = 500;

/** The audit log: read, filtered, exported and verified. Nothing here changes or deletes an entry, and nothing can. */
export const auditRoutes = (exports: Exports) => [
  workspaceRoute({
    method: 'GET',
    path: PATH,
    summary: 'Reads the audit log, the newest entry first; `next` of one page is `before` of the next.',
    permission: 'audit.read',
    records: [],
    schemas: {
      query: exact({
        action: Type.Optional(text(100)), actor: Type.Optional(text(512)), target: Type.Optional(text(512)),
        from: Type.Optional(instant), to: Type.Optional(instant), before: Type.Optional(sequence), limit,
      }),
      answer: exact({ entries: Type.Array(entrySchema), next: Type.Union([sequence, Type.Null()]) }),
    },
    async handle({ client, workspace }, { query: { limit: wanted, from, to, ...filter } }) {
      const length = pageLength(wanted);
      const range = { ...(from !== undefined && { from: instantOf(from, 'querystring', '/from') }), ...(to !== undefined && { to: instantOf(to, 'querystring', '/to') }) };
      const entries = await readAudit(client, workspace.workspaceId, { ...filter, ...range }, length);
      return { answer: { entries: entries.map(shown), next: entries.length < length ? null : String(entries.at(-1)?.sequence) } };
    },
  }),
  workspaceRoute({
    method: 'GET',
    path: `${PATH}/verify`,
    summary: 'Verifies the chain of hashes, and that it still holds an entry that was known before, by its sequence and hash.',
    permission: 'audit.read',
    records: [],
    schemas: {
      query: exact({ sequence: Type.Optional(sequence), hash: Type.Optional(hash) }),
      answer: exact({
        entries: Type.String({ description: 'How many entries stand before the first fault.' }),
        head: Type.Union([anchorSchema, Type.Null()]),
        fault: Type.Union([exact({ sequence: Type.String(), kind: Type.String() }), Type.Null()]),
      }),
    },
    async handle({ client, workspace }, { query }) {
      if ((query.sequence === undefined) !== (query.hash === undefined)) throw invalid('querystring', '', 'sequence and hash together, or neither');
      const anchor = query.sequence === undefined || query.hash === undefined ? undefined : { sequence: query.sequence, hash: query.hash };
      const { entries, bad_sequence, fault } = await verifyAudit(client, anchor);
      const head = await readHead(client, workspace.workspaceId);
      return { answer: { entries, head: head ?? null, fault: fault === null || bad_sequence === null ? null : { sequence: bad_sequence, kind: fault } } };
    },
  }),
  workspaceRoute({
    method: 'GET',
    path: `${PATH}.csv`,
    summary: 'Exports the whole audit log as CSV, oldest first, the entry about this export among it.',
    permission: 'audit.read',
    records: ['export.audit'],
    inGrace: true,
    produces: ['text/csv'],
    schemas: {},
    // eslint-disable-next-line typescript/require-await -- what it throws is to be a rejection
    async handle({ workspace: { workspaceId } }) {
      const place = exports.reserve(workspaceId);
      const chunks = () => streamed((send) => place.run(sendCsv, send));
      return {
        answer: undefined,
        recorded: [{ action: 'export.audit', target: workspaceId, details: { format: 'csv' } }],
        download: { type: 'text/csv; charset=utf-8', name: `audit-${workspaceId}.csv`, chunks },
      };
    },
  }),
];

const sendCsv: Produce = async (client, send) => {
  await send(csvLines([COLUMNS]));
  let lines: string[][] = [];
  for await (const entry of exportEntries(client)) {
    lines.push(COLUMNS.map((column) => String(entry[column])));
    if (lines.length === LINES) {
      await send(csvLines(lines));
      lines = [];
    }
  }
  await send(csvLines(lines));
};

function shown({ sequence: number, recorded_at, actor_kind, previous_hash, ...entry }: ExportedEntry) {
  return { ...entry, sequence: String(number), recordedAt: recorded_at, actorKind: actor_kind, previousHash: previous_hash };
}
