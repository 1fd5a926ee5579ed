import { ACTIONS } from '../support/isolation/actions.ts';
import { countEnded, drive } from '../support/isolation/drive.ts';
import { operate } from '../support/isolation/operation.ts';
import { TENANT_LOGINS } from '../support/isolation/tables.ts';
import type { TenantLogin } from '../support/isolation/tables.ts';
import { bindingFor, fingerprints, newWorld, ownerIn } from '../support/isolation/world.ts';
import type { Acting, World } from '../support/isolation/world.ts';
import { inTransaction } from '../../db/transaction.ts';
import { TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
let world: World;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  world = await newWorld(postgres, 3);
});
afterAll(async () => {
  await world.end();
  await postgres.stop();
});

/** How many rows of each table a login sees when it acts for somebody; -1 where it may not look. */
async function seenBy(login: TenantLogin, acting: Acting): Promise<Readonly<Record<string, number>>> {
  const counts = world.tables.map(async ({ name, owner }) => {
    const rows = inTransaction(world.pools[login], bindingFor(world, acting), (client) => client.query<{ owner: string }>(`SELECT ${owner}::text AS owner FROM halton.${name}`));
    return [name, await rows.then(({ rowCount }) => rowCount ?? 0, () => -1)] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

/** How many rows there are of a tenant in each table. */
async function rowsOf(tenant: number): Promise<Readonly<Record<string, number>>> {
  const counts = world.tables.map(async ({ name, scope, owner }) => {
    const { rows } = await world.superuser.query<{ count: number }>(`SELECT count(*)::int FROM halton.${name} WHERE ${owner}::text = $1`, [ownerIn(scope, bindingFor(world, tenant))]);
    return [name, rows[0]?.count ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

/** What nobody reads but the functions that work on it. */
const UNREAD = { pairings: -1 };

describe('HP-ISO-1, CH-ISO-1, HM-ISO-1: a login that owns nothing', () => {
  it('finds rows of every tenant to be kept apart in every table', async () => {
    expect(world.tables.length).toBeGreaterThanOrEqual(22);
    for (const tenant of [0, 1, 2]) expect(Object.entries(await rowsOf(tenant)).filter(([, count]) => count === 0)).toEqual([]);
  });

  it('sees all rows of the tenant for whom it acts, and no other', async () => {
    // The owner of the first one's workspace is a member of the others too, and sees that as a user.
    const { siem_outbox: _, ...first } = await rowsOf(1);
    expect(await seenBy('halton_api_a', 1)).toEqual({ ...first, ...UNREAD, siem_outbox: -1 });
  });

  it.each<Acting>(['nobody', 'never bound', 'a workspace that is none', 'no UUID'])('sees nothing where it acts for %s', async (acting) => {
    for (const login of TENANT_LOGINS) {
      const seen = await seenBy(login, acting);
      expect(Object.entries(seen).filter(([, count]) => count > 0)).toEqual([]);
      if (login === 'halton_api_a' && acting === 'nobody') expect(Object.values(seen)).toContain(0);
    }
  });

  it('sees as the jobs and as support only what these need, of that tenant alone', async () => {
    const { audit_heads, audit_log, request_bodies, siem_outbox, workspaces, members } = await rowsOf(1);
    expect(await seenBy('halton_jobs', 1)).toMatchObject({ audit_heads, audit_log, request_bodies, siem_outbox, workspaces, members: -1, requests: -1 });
    expect(await seenBy('halton_support', 1)).toMatchObject({ audit_heads, audit_log, members, workspaces, request_bodies: -1, siem_outbox: -1, invitations: -1 });
  });

  it('HM-ISO-2: sees of a user who is a member of several workspaces one at a time, beside the memberships', async () => {
    const [acting, also] = [0, 1].map((tenant) => bindingFor(world, tenant));
    const found = await inTransaction(world.pools.halton_api_a, acting ?? {}, async (client) => {
      const memberships = await client.query<{ workspace_id: string }>('SELECT workspace_id FROM halton.members WHERE user_id = $1', [acting?.userId]);
      const projects = await client.query<{ workspace_id: string }>('SELECT p.workspace_id FROM halton.members m JOIN halton.projects p USING (workspace_id) WHERE m.user_id = $1', [acting?.userId]);
      return { memberships: memberships.rows.map((row) => row.workspace_id), projects: projects.rows.map((row) => row.workspace_id) };
    });
    expect(found.memberships).toEqual(expect.arrayContaining([acting?.workspaceId, also?.workspaceId]));
    expect(found.projects).toEqual([acting?.workspaceId]);
  });
});

describe('HP-ISO-2, HM-KEY-3, HM-DEV-2: whatever somebody does who acts for one workspace', () => {
  it('no row of another is shown or touched', async () => {
    const tally = await drive(world, 300);
    // It did something, too: own rows were found, and what may not be done was refused.
    expect(countEnded(tally, /own rows$/)).toBeGreaterThan(30);
    expect(countEnded(tally, /42501$/)).toBeGreaterThan(30);
  });
});

describe('the search for a way across finds one', () => {
  /** Tries everything on one table, for one tenant and against another. */
  async function search(login: TenantLogin, table: string): Promise<readonly string[]> {
    const crossings: string[] = [];
    let state = await fingerprints(world);
    for (const { name: action } of ACTIONS) {
      state = await operate(world, { login, acting: 1, victim: 2, table, action }, state, new Map()).catch(async () => {
        crossings.push(action);
        return fingerprints(world);
      });
    }
    return crossings;
  }

  it.each<[string, TenantLogin, string, string, string, string]>([
    ['a table without row-level security', 'halton_api_a', 'requests', 'ALTER TABLE halton.requests DISABLE ROW LEVEL SECURITY', 'ALTER TABLE halton.requests ENABLE ROW LEVEL SECURITY', 'read theirs'],
    ['a policy for reading that says too much', 'halton_api_a', 'projects', 'CREATE POLICY open ON halton.projects FOR SELECT TO halton_api USING (true)', 'DROP POLICY open ON halton.projects', 'copy out'],
    ['a policy for inserting that says too much', 'halton_api_a', 'projects', 'CREATE POLICY open ON halton.projects FOR INSERT TO halton_api WITH CHECK (true)', 'DROP POLICY open ON halton.projects', 'insert a row as theirs'],
    ['a policy for deleting that says too much', 'halton_api_a', 'policies', 'CREATE POLICY open ON halton.policies FOR DELETE TO halton_api USING (true)', 'DROP POLICY open ON halton.policies', 'delete everything'],
    ['a policy for updating that says too much', 'halton_api_a', 'members', 'CREATE POLICY open ON halton.members FOR UPDATE TO halton_api USING (true)', 'DROP POLICY open ON halton.members', 'write over everything'],
    ['a login that no policy binds', 'halton_jobs', 'request_bodies', 'ALTER ROLE halton_jobs BYPASSRLS', 'ALTER ROLE halton_jobs NOBYPASSRLS', 'update theirs'],
  ])('%s', async (_, login, table, breaking, mending, crossing) => {
    expect(await search(login, table)).toEqual([]);
    await world.superuser.query(breaking);
    const crossings = await search(login, table);
    await world.superuser.query(mending);
    expect(crossings).toContain(crossing);
  });
});
