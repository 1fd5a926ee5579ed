import { Type } from 'typebox';
import { exact } from '../schemas/common.ts';
import { moment, readRange } from '../schemas/range.ts';
import { EXPORT_FORMATS, requestDocument } from '../usage/exports.ts';
import type { Exports } from '../usage/exports.ts';
import { workspaceRoute } from './route.ts';
import type { WorkspaceRoute } from './route.ts';
import { streamed } from './streamed.ts';

/** The full set of rows, for whoever leaves or keeps books of his own. */
export function exportRoutes(exports: Exports): readonly WorkspaceRoute[] {
  return [
    workspaceRoute({
      method: 'GET',
      path: '/v1/:workspace/requests',
      summary: 'Exports the metered requests of a range, oldest first, as one JSON document or one line each.',
      permission: 'requests.export',
      records: ['export.requests'],
      inGrace: true,
      produces: ['application/json', 'application/x-ndjson'],
      schemas: { query: exact({ from: moment, to: moment, format: Type.Optional(Type.Union([Type.Literal('json'), Type.Literal('ndjson')], { description: '@default json' })) }) },
      // eslint-disable-next-line typescript/require-await -- what it throws is to be a rejection
      async handle({ workspace: { workspaceId } }, { query: { format = 'json', ...query } }) {
        const range = readRange(query);
        const place = exports.reserve(workspaceId);
        return {
          answer: undefined,
          recorded: [{ action: 'export.requests', target: workspaceId, details: { ...query, format } }],
          download: {
            type: EXPORT_FORMATS[format].mediaType,
            name: `requests-${workspaceId}.${format}`,
            chunks: () => streamed((send) => place.run(requestDocument(workspaceId, range, EXPORT_FORMATS[format]), send)),
          },
        };
      },
    }),
  ];
}
