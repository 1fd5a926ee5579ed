import * as fc from 'fast-check';
import type { Pool, PoolClient } from 'pg';
import type { Anchor } from '../../../db/audit/verify-chain.ts';
import { appendEntries, both, exportOf, verdictsIn, verdictsOf } from '../../support/audit.ts';
import type { Verdicts } from '../../support/audit.ts';
import { TestPostgres } from '../../support/postgres.ts';
import { newTenant, poolAs, superuserPool } from '../../support/tenants.ts';
import type { Tenant } from '../../support/tenants.ts';

const COLUMNS = ['recorded_at', 'actor_kind', 'actor', 'action', 'target', 'details', 'previous_hash', 'hash'];

let postgres: TestPostgres;
let api: Pool;
let superuser: Pool;
/** Has ten entries. */
let tenant: Tenant;
/** Has three. */
let other: Tenant;
let anchors: readonly Anchor[];
beforeAll(async () => {
  postgres = await TestPostgres.start();
  const database = await postgres.migrated();
  api = poolAs(postgres, database);
  [tenant, other] = await Promise.all([newTenant(api), newTenant(api)]);
  await appendEntries(api, tenant, 9);
  await appendEntries(api, other, 2);
  anchors = (await exportOf(api, tenant)).map(({ sequence, hash }) => ({ sequence: Number(sequence), hash }));
  superuser = superuserPool(postgres, database);
  // Whoever may do everything takes out of the way what stands in it.
  await superuser.query('ALTER TABLE halton.audit_log DISABLE TRIGGER ALL, DROP CONSTRAINT audit_log_pkey CASCADE, DROP CONSTRAINT audit_log_workspace_id_previous_hash_key');
  await superuser.query('ALTER TABLE halton.audit_heads DISABLE TRIGGER ALL, DROP CONSTRAINT audit_heads_sequence_check, DROP CONSTRAINT audit_heads_hash_check, ALTER hash DROP NOT NULL');
  await superuser.query(`ALTER TABLE halton.audit_log DROP CONSTRAINT audit_log_sequence_check, DROP CONSTRAINT audit_log_recorded_at_check, ${COLUMNS.map((column) => `ALTER ${column} DROP NOT NULL`).join()}`);
});
afterAll(async () => {
  await Promise.all([api.end(), superuser.end()]);
  await postgres.stop();
});

const BIND = "SELECT set_config('halton.workspace_id', $1, true)";

/** What both verifiers say to a login of the service after somebody did this to the log; nothing of it stays. */
async function after(tampering: readonly string[], { of = tenant, anchor }: { readonly of?: Tenant; readonly anchor?: number } = {}): Promise<Verdicts> {
  const client = await superuser.connect();
  try {
    await client.query('BEGIN');
    await client.query(BIND, [tenant.workspaceId]);
    for (const statement of tampering) await client.query(statement.replaceAll('OTHER', `'${other.workspaceId}'`));
    return await asked(client, of, anchor);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

async function asked(client: PoolClient, { workspaceId }: Tenant, anchor?: number): Promise<Verdicts> {
  await client.query(BIND, [workspaceId]);
  await client.query('SET LOCAL ROLE halton_api');
  return verdictsIn(client, workspaceId, anchors.find(({ sequence }) => sequence === anchor));
}

const OWN = 'workspace_id = halton.bound_workspace()';
const change = (column: string, value: string, sequence = 5) => `UPDATE halton.audit_log SET ${column} = ${value} WHERE ${OWN} AND sequence = ${sequence}`;
const remove = (from: number, to = from) => `DELETE FROM halton.audit_log WHERE ${OWN} AND sequence BETWEEN ${from} AND ${to}`;
const shift = (from: number, by: number) => `UPDATE halton.audit_log SET sequence = sequence + ${by} WHERE ${OWN} AND sequence >= ${from}`;
const HASH = 'halton.audit_hash(workspace_id, sequence, previous_hash, recorded_at, actor_kind, actor, action, target, details)';
const rehash = (sequence: number) => change('hash', HASH, sequence);
/** Puts an entry at this place that fits what stands before it. */
const forge = (sequence: number, details = '{"forged":true}') => `
  INSERT INTO halton.audit_log SELECT workspace_id, ${sequence}, recorded_at, actor_kind, actor, action, target, '${details}', hash,
    halton.audit_hash(workspace_id, ${sequence}, hash, recorded_at, actor_kind, actor, action, target, '${details}')
  FROM halton.audit_log WHERE ${OWN} AND sequence = ${sequence - 1}`;
/** Writes every entry from this one on anew, so that each follows the one before. */
const relink = (from: number) => `DO $$ BEGIN FOR n IN ${from}..10 LOOP
    UPDATE halton.audit_log e SET previous_hash = coalesce(
      (SELECT p.hash FROM halton.audit_log p WHERE p.${OWN} AND p.sequence = n - 1 LIMIT 1), e.previous_hash
    ) WHERE e.${OWN} AND e.sequence = n;
    UPDATE halton.audit_log SET hash = ${HASH} WHERE ${OWN} AND sequence = n;
  END LOOP; END $$`;
const rewind = `UPDATE halton.audit_heads h SET (sequence, hash) = (
    SELECT e.sequence, e.hash FROM halton.audit_log e WHERE e.workspace_id = h.workspace_id ORDER BY e.sequence DESC LIMIT 1
  ) WHERE ${OWN}`;

describe('before anything was done to it', () => {
  it('both verifiers say of the log that it holds, against any anchor', async () => {
    expect(await verdictsOf(api, tenant)).toEqual(both('10 verified'));
    expect(await verdictsOf(api, other)).toEqual(both('3 verified'));
    for (const anchor of anchors) expect(await verdictsOf(api, tenant, anchor)).toEqual(both('10 verified'));
  });
});

describe('HP-AUD-3: both verifiers name the first bad entry where somebody has', () => {
  test.each([
    ['moved the time by a microsecond', change('recorded_at', "recorded_at + interval '1 microsecond'")],
    ['changed the kind of the actor', change('actor_kind', "'job'")],
    ['changed the actor', change('actor', "'user_somebody_else'")],
    ['changed the action', change('action', "'project.created'")],
    ['changed the target', change('target', "target || ' '")],
    ['moved a letter from one field to the next', `UPDATE halton.audit_log SET action = action || left(target, 1), target = substr(target, 2) WHERE ${OWN} AND sequence = 5`],
    ['added a space to the details', change('details', "replace(details, ':', ': ')")],
    ['changed the previous hash', change('previous_hash', "sha256('')")],
    ['changed the hash', change('hash', "sha256('')")],
  ])('%s', async (_, tampering) => {
    expect(await after([tampering])).toEqual(both('4 verified, changed at 5'));
  });

  test.each<[string, readonly string[], string]>([
    ['changed an entry and computed its hash again', [change('target', "'x'"), rehash(5)], '5 verified, unlinked at 6'],
    ['changed the first entry', [change('target', "'x'", 1)], '0 verified, changed at 1'],
    ['removed the first entry', [remove(1)], '0 verified, missing at 1'],
    ['removed an entry', [remove(5)], '4 verified, missing at 5'],
    ['removed several', [remove(3, 7)], '2 verified, missing at 3'],
    ['removed an entry and closed the gap', [remove(5), shift(6, -1)], '4 verified, changed at 5'],
    ['given an entry a later number', [change('sequence', '11')], '4 verified, missing at 5'],
    ['inserted an entry that fits and moved the later ones on', [shift(6, 1), forge(6)], '6 verified, changed at 7'],
    ['inserted an entry that does not fit', [shift(6, 1), forge(6), change('target', "'x'", 6)], '5 verified, changed at 6'],
    ['made two entries change places', [change('sequence', '100', 5), change('sequence', '5', 6), change('sequence', '6', 100)], '4 verified, changed at 5'],
    ['put another entry beside one, which follows the same', [forge(5)], '4 verified, forked at 5'],
    ['put another entry beside the last', [forge(10)], '9 verified, forked at 10'],
    ['put a changed entry beside one', [forge(5), `UPDATE halton.audit_log SET target = 'x' WHERE ${OWN} AND sequence = 5 AND details LIKE '%forged%'`], '4 verified, forked at 5'],
    ['written an entry twice', [`INSERT INTO halton.audit_log SELECT * FROM halton.audit_log WHERE ${OWN} AND sequence = 5`], '4 verified, duplicate at 5'],
  ])('%s', async (_, tampering, verdict) => {
    expect(await after(tampering)).toEqual(both(verdict));
  });

  test.each<[string, readonly string[], string]>([
    ...COLUMNS.map((column): [string, readonly string[], string] => [`emptied ${column}`, [change(column, 'NULL')], '4 verified, changed at 5']),
    ['emptied an actor, and the hash', [change('actor', 'NULL'), change('hash', 'NULL')], '4 verified, changed at 5'],
    ['emptied the hash of the last entry, the head moved along', [change('hash', 'NULL', 10), rewind], '9 verified, changed at 10'],
    ['moved the time to the end of days', [change('recorded_at', "'infinity'")], '4 verified, changed at 5'],
    ['moved the time to the last that there is', [change('recorded_at', "'294276-12-31 23:59:59.999999+00'")], '4 verified, changed at 5'],
    ['moved the time to a year of five digits, and computed its hash again', [change('recorded_at', "'10000-01-01 00:00:00+00'"), rehash(5)], '4 verified, changed at 5'],
    ['given the last entry the highest number, the head moved along', [change('sequence', '9223372036854775807', 10), rewind], '9 verified, changed at 10'],
  ])('%s', async (_, tampering, verdict) => {
    expect(await after(tampering)).toEqual(both(verdict));
    expect(await after(tampering, { anchor: 10 })).toEqual(both(verdict));
  });

  it('given the head the highest number, which no export shows', async () => {
    expect(await after(['UPDATE halton.audit_heads SET sequence = 9223372036854775807'])).toEqual({ sql: '10 verified, head at 11', export: '10 verified' });
  });

  it('moved an entry to another workspace', async () => {
    expect(await after([change('workspace_id', 'OTHER', 4)])).toEqual(both('3 verified, missing at 4'));
    expect(await after([change('workspace_id', 'OTHER', 4)], { of: other })).toEqual(both('3 verified, changed at 4'));
  });
});

describe('against an anchor both verifiers see that somebody has', () => {
  test.each<[string, readonly string[], string]>([
    ['cut off the end and moved the head back', [remove(8, 10), rewind], '7 verified, anchor at 8'],
    ['cut off the last entry and moved the head back', [remove(10), rewind], '9 verified, anchor at 10'],
    ['removed everything, the head too', [remove(1, 10), `DELETE FROM halton.audit_heads WHERE ${OWN}`], '0 verified, anchor at 1'],
    ['written the log anew from an entry on, the head too', [change('target', "'x'"), relink(5), rewind], '9 verified, anchor at 10'],
    ['written the last entry anew, the head too', [change('target', "'x'", 10), rehash(10), rewind], '9 verified, anchor at 10'],
    ['changed an entry before the anchor', [change('target', "'x'")], '4 verified, changed at 5'],
  ])('%s', async (_, tampering, verdict) => {
    expect(await after(tampering, { anchor: 10 })).toEqual(both(verdict));
  });

  it('and cannot see it without one, nor before it', async () => {
    expect(await after([remove(8, 10), rewind])).toEqual(both('7 verified'));
    expect(await after([remove(8, 10), rewind], { anchor: 7 })).toEqual(both('7 verified'));
    expect(await after([change('target', "'x'"), relink(5), rewind])).toEqual(both('10 verified'));
  });
});

describe('the verifier in the database sees by the head what an export cannot show, where somebody has', () => {
  test.each<[string, readonly string[], Verdicts]>([
    ['cut off the end', [remove(8, 10)], { sql: '7 verified, head at 8', export: '7 verified' }],
    ['removed every entry', [remove(1, 10)], { sql: '0 verified, head at 1', export: '0 verified' }],
    ['appended an entry', [forge(11)], { sql: '10 verified, head at 11', export: '11 verified' }],
    ['written the last entry anew', [change('target', "'x'", 10), rehash(10)], { sql: '9 verified, head at 10', export: '10 verified' }],
    ['moved the head back', [`UPDATE halton.audit_heads SET sequence = 8 WHERE ${OWN}`], { sql: '8 verified, head at 9', export: '10 verified' }],
    ["changed the head's hash", [`UPDATE halton.audit_heads SET hash = sha256('') WHERE ${OWN}`], { sql: '9 verified, head at 10', export: '10 verified' }],
    ['removed the head', [`DELETE FROM halton.audit_heads WHERE ${OWN}`], { sql: '0 verified, head at 1', export: '10 verified' }],
  ])('%s', async (_, tampering, verdicts) => {
    expect(await after(tampering)).toEqual(verdicts);
  });
});

describe('whatever somebody does', () => {
  const sequence = fc.integer({ min: 1, max: 11 });
  const step = fc.oneof(
    fc.tuple(fc.constantFrom(['target', "'x'"], ['details', "'{}'"], ['hash', "sha256('')"], ['previous_hash', "sha256('')"], ['hash', HASH]), sequence).map(([[column, value], at]) => change(column ?? '', value ?? '', at)),
    fc.tuple(sequence, sequence).map(([from, to]) => change('sequence', String(to), from)),
    sequence.map((at) => remove(at)),
    fc.tuple(sequence, fc.constantFrom('{"forged":1}', '{"forged":2}')).map(([at, details]) => forge(at, details)),
    fc.tuple(fc.integer({ min: 2, max: 11 }), fc.constantFrom(1, -1)).map(([from, by]) => shift(from, by)),
    sequence.map((from) => relink(from)),
  );

  it('both verifiers say the same of what came of it, the head being moved along', async () => {
    let faults = 0;
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }), async (steps, anchor) => {
      const verdicts = await after([...steps, rewind], anchor === undefined ? {} : { anchor });
      if (verdicts.sql.includes(',')) faults += 1;
      expect(verdicts.export).toBe(verdicts.sql);
    });
    await fc.assert(property, { numRuns: 100 });
    expect(faults).toBeGreaterThan(50);
  });
});
