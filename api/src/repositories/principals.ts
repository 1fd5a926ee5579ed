import type { ClientBase } from 'pg';
import type { PlanFeature, Role } from '../scope/permissions.ts';
import type { Workspace } from '../scope/scope.ts';

interface WorkspaceColumns {
  readonly workspace_id: string;
  readonly organisation_id: string;
  readonly awaits_deletion: boolean;
  readonly features: readonly PlanFeature[];
}

/** The bound workspace and what its plan brings along, beside which each query says who asks. */
const WORKSPACE = `w.workspace_id, w.organisation_id, w.deletion_requested_at IS NOT NULL AS awaits_deletion,
  array_remove(ARRAY[
    CASE WHEN p.writes_prompt_views THEN 'writes_prompt_views' END,
    CASE WHEN p.reads_prompt_views THEN 'reads_prompt_views' END,
    CASE WHEN p.streams_to_siem THEN 'streams_to_siem' END
  ], NULL) AS features`;
const FROM = 'FROM halton.workspaces w JOIN halton.plans p USING (plan)';

/** What a user is in a workspace. */
export interface FoundMember {
  readonly workspace: Workspace;
  /** Undefined for who is no member. */
  readonly role: Role | undefined;
  readonly administersOrganisation: boolean;
}

/** The bound user in the bound workspace; undefined where there is no such workspace. */
export async function findMember(client: ClientBase, workspaceId: string, userId: string): Promise<FoundMember | undefined> {
  const { rows: [row] } = await client.query<WorkspaceColumns & { role: Role | null; administers_organisation: boolean }>({
    name: 'find-member',
    text: `SELECT ${WORKSPACE}, m.role,
        EXISTS (SELECT FROM halton.organisation_admins a WHERE a.organisation_id = w.organisation_id AND a.user_id = $2) AS administers_organisation
      ${FROM} LEFT JOIN halton.members m ON m.workspace_id = w.workspace_id AND m.user_id = $2
      WHERE w.workspace_id = $1`,
    values: [workspaceId, userId],
  });
  if (row === undefined) return undefined;
  return { workspace: workspaceOf(row), role: row.role ?? undefined, administersOrganisation: row.administers_organisation };
}

/** A device whose token it is. */
export interface FoundDevice {
  readonly workspace: Workspace;
  readonly deviceId: string;
  readonly machineId: string;
  /** Who paired it. */
  readonly userId: string;
  readonly revoked: boolean;
}

/** The bound workspace's device of a token; undefined where there is none. */
export async function findDevice(client: ClientBase, workspaceId: string, tokenHash: Buffer): Promise<FoundDevice | undefined> {
  const { rows: [row] } = await client.query<WorkspaceColumns & { device_id: string; machine_id: string; paired_by: string; revoked: boolean }>({
    name: 'find-device',
    text: `SELECT ${WORKSPACE}, d.device_id, d.machine_id, d.paired_by, d.revoked_at IS NOT NULL AS revoked
      ${FROM} JOIN halton.devices d ON d.workspace_id = w.workspace_id AND d.token_hash = $2
      WHERE w.workspace_id = $1`,
    values: [workspaceId, tokenHash],
  });
  if (row === undefined) return undefined;
  return { workspace: workspaceOf(row), deviceId: row.device_id, machineId: row.machine_id, userId: row.paired_by, revoked: row.revoked };
}

/** A key by its id. */
export interface FoundKey {
  readonly workspace: Workspace;
  readonly secretHash: string;
  readonly revoked: boolean;
}

/** The bound workspace's key of an id; undefined where there is none. */
export async function findKey(client: ClientBase, workspaceId: string, keyId: string): Promise<FoundKey | undefined> {
  const { rows: [row] } = await client.query<WorkspaceColumns & { secret_hash: string; revoked: boolean }>({
    name: 'find-key',
    text: `SELECT ${WORKSPACE}, k.secret_hash, k.revoked_at IS NOT NULL AS revoked
      ${FROM} JOIN halton.api_keys k ON k.workspace_id = w.workspace_id AND k.key_id = $2
      WHERE w.workspace_id = $1`,
    values: [workspaceId, keyId],
  });
  return row === undefined ? undefined : { workspace: workspaceOf(row), secretHash: row.secret_hash, revoked: row.revoked };
}

function workspaceOf({ workspace_id, organisation_id, awaits_deletion, features }: WorkspaceColumns): Workspace {
  return { workspaceId: workspace_id, organisationId: organisation_id, awaitsDeletion: awaits_deletion, features: new Set(features) };
}
