import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import { compare } from '../rounds.ts';
import type { Measure } from '../rounds.ts';
import type { Row } from '../row.ts';
import { YEAR } from './layout.ts';
import type { LargeWorkspace } from './layout.ts';
import type { Client } from './send.ts';

/** Milliseconds. */
const DAY = 86_400_000;
const day = (ago: number): string => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);

/** Exports every row of a workspace, against COPY TO of the same rows. */
export async function exportRow(client: Client, api: Pool, { workspaceId }: LargeWorkspace, token: string, rows: number): Promise<Row> {
  const perSecond = (work: () => Promise<unknown>): Measure => async () => rows / (await secondsOf(work));
  const path = `/v1/${workspaceId}/requests?from=${day(YEAR + 1)}&to=${day(-1)}&format=ndjson`;
  const exported = perSecond(() => client.send({ method: 'GET', path, token }));
  // What arrives is read from the connection and thrown away.
  const copied = perSecond(() => inTransaction(api, { workspaceId }, (connection) => connection.query('COPY (SELECT * FROM halton.requests ORDER BY occurred_at, request_id) TO STDOUT')));
  return { name: `export of ${rows.toLocaleString('en')} rows`, unit: 'rows/s', referenceIs: 'COPY TO', ...(await compare(exported, copied)) };
}

/** The rollup of a year and its report, against the sums alone. */
export async function reportRows(client: Client, api: Pool, { workspaceId, projectId }: LargeWorkspace, token: string): Promise<readonly Row[]> {
  const range = `from=${day(YEAR - 1)}&to=${day(0)}`;
  const sums = milliseconds(() => inTransaction(api, { workspaceId }, (connection) => connection.query(
    "SELECT (occurred_at AT TIME ZONE 'UTC')::date, model, count(*), sum(input_tokens), sum(output_tokens), sum(cached_tokens), sum(cost_usd) FROM halton.requests WHERE workspace_id = $1 AND occurred_at >= now() - make_interval(days => $2) GROUP BY 1, 2", [workspaceId, YEAR],
  )));
  const row = { unit: 'ms', referenceIs: 'the sums alone' };
  const rollup = milliseconds(() => client.send({ method: 'GET', path: `/v1/${workspaceId}/spend?${range}&by=month&group=model`, token }));
  const pdf = milliseconds(() => client.send({ method: 'GET', path: `/v1/workspaces/${workspaceId}/projects/${projectId}/report.pdf?${range}`, token }));
  return [{ name: 'spend rollup of a year', ...row, ...(await compare(rollup, sums)) }, { name: 'PDF of a year', ...row, ...(await compare(pdf, sums)) }];
}

function milliseconds(work: () => Promise<unknown>): Measure {
  return async () => (await secondsOf(work)) * 1000;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
