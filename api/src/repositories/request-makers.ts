import type { ClientBase } from 'pg';

/** Who made a request, and what sent it. */
export interface RequestMaker {
  readonly userId: string;
  /** Null where an API key did. */
  readonly deviceId: string | null;
  readonly redactionApplied: boolean;
}

/** Of a request of the bound workspace; undefined where there is none. */
export async function findMaker(client: ClientBase, workspaceId: string, requestId: string): Promise<RequestMaker | undefined> {
  const { rows: [row] } = await client.query<{ user_id: string; device_id: string | null; redaction_applied: boolean }>(
    'SELECT user_id, device_id, redaction_applied FROM halton.requests WHERE workspace_id = $1 AND request_id = $2',
    [workspaceId, requestId],
  );
  return row && { userId: row.user_id, deviceId: row.device_id, redactionApplied: row.redaction_applied };
}
