import { randomUUID } from 'node:crypto';
import type { DatabaseError, PoolClient } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import { withNewKeys } from '../support/isolation/actions.ts';
import type { Row, TenantTable } from '../support/isolation/tables.ts';
import { bindingFor, newWorld, ownerIn } from '../support/isolation/world.ts';
import type { World } from '../support/isolation/world.ts';
import { TestPostgres } from '../support/postgres.ts';
import { bindingOf, insertRequests } from '../support/tenants.ts';
import type { Tenant } from '../support/tenants.ts';

let postgres: TestPostgres;
let world: World;
let me: Tenant;
let they: Tenant;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  world = await newWorld(postgres, 2);
  [me, they] = world.tenants as readonly [Tenant, Tenant];
});
afterAll(async () => {
  await world.end();
  await postgres.stop();
});

const as = <T>(tenant: Tenant, work: (client: PoolClient) => Promise<T>) => inTransaction(world.pools.halton_api_a, bindingOf(tenant), work);
const table = (name: string) => world.tables.find((one) => one.name === name) as TenantTable;
const seed = ({ name, scope }: TenantTable, tenant: Tenant) => world.seeds.get(name)?.get(ownerIn(scope, bindingOf(tenant))) as Row;

function insert(client: PoolClient, { name, columns }: TenantTable, row: Row): Promise<unknown> {
  const named = columns.filter((column) => column.insert.includes('halton_api_a')).map((column) => column.name).join(', ');
  return client.query(`INSERT INTO halton.${name} (${named}) SELECT ${named} FROM jsonb_populate_record(NULL::halton.${name}, $1)`, [JSON.stringify(row)]);
}

/** What the database answers to an insert of this row in my name, with everything left out that the row says itself; nothing of it stays. */
function answerTo(one: TenantTable, row: Row): Promise<string> {
  return as(me, async (client) => {
    await client.query('SAVEPOINT before');
    const answer = await insert(client, one, row).then(() => 'inserted', ({ code, message, detail, constraint }: DatabaseError) => [code, message, detail, constraint].join(' | '));
    await client.query('ROLLBACK TO before');
    return Object.values(row).reduce<string>((text, value) => (typeof value === 'string' && value !== '' ? text.replaceAll(value, '…') : text), answer);
  });
}

/** Tables in which the API chooses keys, by name. */
const KEYED = ['api_keys', 'billing_events', 'idempotency_keys', 'invitations', 'members', 'policies', 'pricing_overrides', 'projects', 'requests', 'support_grants'];
const OWNED = [...KEYED, 'checkout_consent_records', 'organisations', 'prompt_views', 'request_bodies', 'workspaces'];

describe('HP-ISO-2: what another tenant has is answered like what nobody has', () => {
  it('in every table into which the API inserts', () => {
    const inserted = world.tables.filter(({ columns }) => columns.some((column) => column.insert.includes('halton_api_a')));
    expect(inserted.map(({ name }) => name)).toEqual(OWNED.toSorted());
    expect(inserted.filter(({ columns }) => columns.some((column) => column.key && column.insert.includes('halton_api_a'))).map(({ name }) => name)).toEqual(KEYED);
  });

  it.each(KEYED)('as a key of %s: both are free', async (name) => {
    const one = table(name);
    const theirs = withNewKeys(one, seed(one, they));
    await as(they, (client) => insert(client, one, theirs));
    const mine = { ...seed(one, me), [one.owner]: ownerIn(one.scope, bindingOf(me)) };
    const keys = Object.fromEntries(one.columns.filter(({ key }) => key).map((column) => [column.name, theirs[column.name]]));
    expect(await answerTo(one, { ...mine, ...keys })).toBe('inserted');
    expect(await answerTo(one, withNewKeys(one, mine))).toBe('inserted');
  });

  it.each(OWNED)('as the owner of a row of %s: both are refused in the same words', async (name) => {
    const one = table(name);
    const row = withNewKeys(one, seed(one, me));
    const nobody = one.scope === 'user' ? 'user_nobody' : randomUUID();
    const answer = await answerTo(one, { ...row, [one.owner]: ownerIn(one.scope, bindingOf(they)) });
    expect(answer).toMatch(/^42501 \| new row violates row-level security policy/);
    expect(await answerTo(one, { ...row, [one.owner]: nobody })).toBe(answer);
  });

  it.each([
    ['requests', 'project_id', 'projects'],
    ['requests', 'device_id', 'devices'],
    ['workspaces', 'organisation_id', 'organisations'],
  ])('as what a row of %s names in %s: both are refused in the same words', async (name, column, referred) => {
    const one = table(name);
    const row = withNewKeys(one, seed(one, me));
    const answer = await answerTo(one, { ...row, [column]: seed(table(referred), they)[column] });
    expect(answer).toMatch(/^(23503|42501) \|/);
    expect(await answerTo(one, { ...row, [column]: randomUUID() })).toBe(answer);
  });

  it('as the request of a body: both are refused in the same words', async () => {
    await as(they, (client) => insertRequests(client, they, ['only-theirs']));
    const bodies = table('request_bodies');
    const answer = await answerTo(bodies, { ...seed(bodies, me), request_id: 'only-theirs' });
    expect(answer).toMatch(/^23503 \|/);
    expect(await answerTo(bodies, { ...seed(bodies, me), request_id: 'only-nobodys' })).toBe(answer);
  });
});

describe('what a key or a device proves', () => {
  const rowsFor = (tenant: Tenant, text: string, value: unknown) => as(tenant, async (client) => (await client.query(text, [value])).rowCount);

  it("HM-DEV-2: a device's token is found in its own workspace and in no other", async () => {
    const { token_hash: token } = seed(table('devices'), they);
    const text = 'SELECT FROM halton.devices WHERE token_hash = $1::text::bytea AND revoked_at IS NULL';
    expect(await rowsFor(they, text, token)).toBe(1);
    expect(await rowsFor(me, text, token)).toBe(0);
  });

  it('HM-KEY-3: an API key is found in its own workspace and in no other', async () => {
    await as(they, (client) => insert(client, table('api_keys'), { ...seed(table('api_keys'), they), key_id: 'onlytheirs' }));
    const text = 'SELECT FROM halton.api_keys WHERE key_id = $1 AND revoked_at IS NULL';
    expect(await rowsFor(they, text, 'onlytheirs')).toBe(1);
    expect(await rowsFor(me, text, 'onlytheirs')).toBe(0);
  });

  it('a pairing that another workspace approved is not approved again, and answers like no pairing', async () => {
    const approve = (tenant: Tenant, code: Buffer) => rowsFor(tenant, "SELECT halton.approve_pairing($1, 'user_1')", code);
    const [code, noCode] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    await as(me, (client) => client.query("SELECT halton.start_pairing($1, $1, 'machine', 'A laptop')", [code]));
    expect(await approve(they, code)).toBe(1);
    expect(await approve(me, code)).toBe(0);
    expect(await approve(me, noCode)).toBe(0);
  });

  it('what belongs to a workspace is there for a binding, and not for a user, a grant or an organisation alone', async () => {
    const { workspaceId: _, ...rest } = bindingFor(world, 0);
    const { rows } = await inTransaction(world.pools.halton_api_a, rest, (client) => client.query('SELECT FROM halton.projects'));
    expect(rows).toEqual([]);
  });
});
