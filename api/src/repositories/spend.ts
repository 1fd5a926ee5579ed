import type { ClientBase } from 'pg';
import type { DailySum } from '../reports/rollup.ts';
import { parseUsd } from '../reports/usd.ts';

/** What requests can be told apart by. */
export const GROUPS = ['project', 'model', 'user'] as const;
export type GroupName = (typeof GROUPS)[number];

/** Which requests. */
export interface SpendFilter {
  /** Days of the workspace's calendar, both of them whole. */
  readonly from: string;
  readonly to: string;
  /** @default every project, and what belongs to none */
  readonly projectId?: string;
}

const EXPRESSIONS = {
  project: { group: 'r.project_id::text', name: 'p.name' },
  model: { group: "r.provider || '/' || r.model", name: 'NULL::text' },
  user: { group: 'r.user_id', name: 'NULL::text' },
} as const satisfies Record<GroupName, { readonly group: string; readonly name: string }>;

type Row = Pick<DailySum, 'day' | 'group' | 'name'> & Readonly<Record<'requests' | 'input_tokens' | 'output_tokens' | 'cached_tokens' | 'cost', string>>;

/**
 * Adds up the requests of each day of the workspace's own time zone, group by group.
 *
 * @param most sums at most
 */
export async function dailySums(client: ClientBase, workspaceId: string, by: GroupName, { from, to, projectId }: SpendFilter, most: number): Promise<readonly DailySum[]> {
  const { group, name } = EXPRESSIONS[by];
  const { rows } = await client.query<Row>(
    // To which day an instant belongs is asked of the instant: a midnight may be missing or come twice. No day of any zone
    // begins or ends a day before or after UTC's, and in those the requests are found by index.
    `SELECT (r.occurred_at AT TIME ZONE w.time_zone)::date::text AS day, ${group} AS group, ${name} AS name, count(*) AS requests,
       sum(r.input_tokens) AS input_tokens, sum(r.output_tokens) AS output_tokens, sum(r.cached_tokens) AS cached_tokens, sum(r.cost_usd) AS cost
     FROM halton.workspaces w JOIN halton.requests r ON r.workspace_id = w.workspace_id
       LEFT JOIN halton.projects p ON p.workspace_id = r.workspace_id AND p.project_id = r.project_id
     WHERE w.workspace_id = $1
       AND r.occurred_at >= ($2::date::timestamp AT TIME ZONE 'UTC') - interval '24 hours'
       AND r.occurred_at < ($3::date::timestamp AT TIME ZONE 'UTC') + interval '48 hours'
       AND (r.occurred_at AT TIME ZONE w.time_zone)::date BETWEEN $2::date AND $3::date
       AND ($4::uuid IS NULL OR r.project_id = $4)
     GROUP BY 1, 2, 3 ORDER BY 1, 2 LIMIT $5`,
    [workspaceId, from, to, projectId, most],
  );
  return rows.map(sumOf);
}

function sumOf({ day, group, name, requests, input_tokens, output_tokens, cached_tokens, cost }: Row): DailySum {
  return { day, group, name, requests: BigInt(requests), inputTokens: BigInt(input_tokens), outputTokens: BigInt(output_tokens), cachedTokens: BigInt(cached_tokens), cost: parseUsd(cost) };
}
