import type { TestApi } from '../../test/support/api.ts';
import { verdictsOf } from '../../test/support/audit.ts';
import type { Tenant } from '../../test/support/tenants.ts';

/** Columns that hold the id of something that belongs to one workspace. */
const IDS: readonly (readonly [table: string, column: string])[] = [
  ['workspaces', 'workspace_id'], ['projects', 'project_id'], ['devices', 'device_id'], ['invitations', 'invitation_id'], ['policies', 'policy_id'], ['pricing_overrides', 'override_id'], ['support_grants', 'grant_id'], ['api_keys', 'key_id'],
];

/** What a run left behind that it should not have. */
export interface Aftermath {
  readonly workspaces: number;
  readonly rows: number;
  readonly trouble: readonly string[];
}

/** Verifies every workspace's chain, and looks in every row of every workspace for the id of something of another one. */
export async function aftermathOf(api: TestApi): Promise<Aftermath> {
  const { rows: found } = await api.superuser.query<{ workspaceId: string; organisationId: string }>('SELECT workspace_id AS "workspaceId", organisation_id AS "organisationId" FROM halton.workspaces');
  const trouble: string[] = [];
  for (const one of found) {
    const tenant: Tenant = { ...one, ownerId: 'nobody' };
    const { sql, export: exported } = await verdictsOf(api.pool, tenant);
    trouble.push(...[sql, exported].filter((verdict) => !/^[1-9]\d* verified$/.test(verdict)).map((verdict) => `the chain of ${tenant.workspaceId}: ${verdict}`));
  }
  const strays = await straysIn(api);
  return { workspaces: found.length, rows: strays.rows, trouble: [...trouble, ...strays.trouble] };
}

async function straysIn({ superuser }: TestApi): Promise<Pick<Aftermath, 'rows' | 'trouble'>> {
  const owners = new Map<string, string>();
  for (const [table, column] of IDS) {
    for (const { id, owner } of (await superuser.query<{ id: string; owner: string }>(`SELECT ${column}::text AS id, workspace_id AS owner FROM halton.${table}`)).rows) owners.set(id, owner);
  }
  const { rows: tables } = await superuser.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = 'halton' AND column_name = 'workspace_id' AND table_type = 'BASE TABLE' ORDER BY 1",
  );
  const trouble: string[] = [];
  let rows = 0;
  for (const { name } of tables) {
    const found = await superuser.query<{ owner: string; row: string }>(`SELECT workspace_id AS owner, to_jsonb(t)::text AS row FROM halton.${name} AS t`);
    rows += found.rows.length;
    for (const { owner, row } of found.rows) {
      const strays = [...row.matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)].filter(([id]) => (owners.get(id) ?? owner) !== owner);
      trouble.push(...strays.map(([id]) => `a row of ${owner} in ${name} carries ${id}, which is ${owners.get(id)}'s`));
    }
  }
  return { rows, trouble };
}
