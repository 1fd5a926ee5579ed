import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { s3Client, S3Tombstones } from '../../../api/src/jobs/s3-tombstones.ts';
import { tombstoneHash } from '../../../api/src/jobs/tombstones.ts';
import { storeBody } from '../../../api/src/repositories/bodies.ts';
import { parseFernetKeys } from '../../../api/src/sealing/keys.ts';
import { JOB_SECRETS } from '../../../api/src/secrets.ts';
import { inTransaction } from '../../../db/transaction.ts';
import { EvidenceBucket } from '../../support/evidence-bucket.ts';
import { makeDue } from '../../support/lifecycle.ts';
import { ParameterStoreServer } from '../../support/parameter-store.ts';
import { PASSWORDS, TestPostgres } from '../../support/postgres.ts';
import { ContainerCredentials, ServiceProcess } from '../../support/service-process.ts';
import { bindingOf, insertRequests, newTenant, poolAs } from '../../support/tenants.ts';

const PATH = '/halton/hosted';
const JOBS = join(process.cwd(), 'api', 'src', 'jobs.ts');
const newKey = () => `${randomBytes(32).toString('base64url')}=`;

let postgres: TestPostgres;
let database: string;
let pool: Pool;
let store: ParameterStoreServer;
let bucket: EvidenceBucket;
let credentials: ContainerCredentials;

beforeAll(async () => {
  postgres = await TestPostgres.start();
  credentials = await ContainerCredentials.start();
});
afterAll(async () => {
  await credentials.stop();
  await postgres.stop();
});
beforeEach(async () => {
  database = await postgres.migrated();
  pool = poolAs(postgres, database);
  [store, bucket] = await Promise.all([ParameterStoreServer.start(), EvidenceBucket.start()]);
  store.parameters.put(`${PATH}/database/url`, `postgresql://halton_api_a:${PASSWORDS.halton_api_a}@127.0.0.1:${postgres.port}/${database}?sslmode=disable`);
  store.parameters.put(`${PATH}/database/jobs-password`, PASSWORDS.halton_jobs);
  store.parameters.put(`${PATH}/fernet/keys`, newKey());
});
afterEach(async () => {
  await pool.end();
  await Promise.all([store.close(), bucket.close()]);
});

const run = (job: string, settings: Readonly<Record<string, string>> = {}) =>
  new ServiceProcess([JOBS, job], process.cwd(), {
    AWS_REGION: 'eu-west-2', PARAMETER_PATH: PATH, EVIDENCE_BUCKET: 'evidence', AWS_ENDPOINT_URL_SSM: store.endpoint, AWS_ENDPOINT_URL_S3: bucket.endpoint, ...credentials.environment, ...settings,
  }).ended();

describe('jobs.js purge', () => {
  it('HM-DEL-3: hands the tombstone to the evidence bucket, and deletes the workspace', async () => {
    const [doomed, other] = [await newTenant(pool), await newTenant(pool)];
    await makeDue(postgres, database, pool, doomed);
    expect(await run('purge')).toMatchObject({ exitCode: 0, last: { outcome: 'done', job: 'purge', purgedWorkspaces: 1 } });
    expect([...bucket.objects.keys()]).toEqual([`tombstones/${tombstoneHash(doomed.workspaceId)}.json`]);
    expect(await postgres.asSuperuser('SELECT workspace_id FROM halton.workspaces', [], database)).toEqual([{ workspace_id: other.workspaceId }]);
  });

  it('does nothing a second time, and as much when two run at once', async () => {
    await makeDue(postgres, database, pool, await newTenant(pool));
    const both = await Promise.all([run('purge'), run('purge')]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await run('purge')).toMatchObject({ exitCode: 0, last: { purgedWorkspaces: 0, purgedRows: 0 } });
  });

  it('deletes nothing where the bucket refuses the tombstone, and says that it failed', async () => {
    const doomed = await newTenant(pool);
    await makeDue(postgres, database, pool, doomed);
    bucket.refuses = 403;
    expect(await run('purge')).toMatchObject({ exitCode: 1, last: { outcome: 'failed', job: 'purge', code: 'PURGE_INCOMPLETE' } });
    expect(await postgres.asSuperuser('SELECT workspace_id FROM halton.workspaces', [], database)).toEqual([{ workspace_id: doomed.workspaceId }]);
    bucket.refuses = undefined;
    expect(await run('purge')).toMatchObject({ exitCode: 0, last: { purgedWorkspaces: 1 } });
  });

  it('says which setting is missing', async () => {
    expect(await run('purge', { EVIDENCE_BUCKET: '' })).toMatchObject({ exitCode: 2, last: { code: 'CONFIG_INVALID', reason: expect.stringContaining('EVIDENCE_BUCKET') as string } });
  });

  it('reads its own secrets and no others, and writes none of them', async () => {
    const { output } = await run('purge');
    expect(store.calls.flatMap(({ input }) => input['Names'])).toEqual(JOB_SECRETS.map((name) => `${PATH}/${name}`));
    for (const secret of [PASSWORDS.halton_jobs, PASSWORDS.halton_api_a]) expect(output).not.toContain(secret);
  });
});

describe('jobs.js rotate-fernet', () => {
  it('HM-SSM-4: seals every body anew with the newest key, after which the older one may go', async () => {
    const [older, newer] = [newKey(), newKey()];
    const tenants = [await newTenant(pool), await newTenant(pool)];
    for (const tenant of tenants) {
      await inTransaction(pool, bindingOf(tenant), async (client) => {
        await client.query('UPDATE halton.workspaces SET body_sync = true');
        await insertRequests(client, tenant, ['r1', 'r2']);
        for (const requestId of ['r1', 'r2']) await storeBody(client, parseFernetKeys(older), tenant, { requestId, request: 'a prompt', redactionApplied: false });
      });
    }
    store.parameters.put(`${PATH}/fernet/keys`, `${newer},${older}`);
    expect(await run('rotate-fernet')).toMatchObject({ exitCode: 0, last: { outcome: 'done', workspaces: 2, rotated: 4, passedOver: 0, unreadable: 0 } });
    store.parameters.put(`${PATH}/fernet/keys`, newer);
    expect(await run('rotate-fernet')).toMatchObject({ exitCode: 0, last: { rotated: 0 } });
  });

  it('says so where a key is none', async () => {
    store.parameters.put(`${PATH}/fernet/keys`, 'no key');
    expect(await run('rotate-fernet')).toMatchObject({ exitCode: 2, last: { code: 'SEAL_KEYS_MALFORMED' } });
  });
});

const collected = async <Item>(items: AsyncIterable<Item>) => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe('tombstones in the evidence bucket', () => {
  const digits = ['a', 'b', 'c', 'd', 'e'];
  const tombstones = () => new S3Tombstones(s3Client('eu-west-2'), 'evidence');
  const tombstone = (digit: string) => ({ workspaceHash: digit.repeat(64), requestedAt: new Date('2026-01-01T00:00:00.000Z'), begunAt: new Date('2026-02-01T00:00:00.000Z') });

  beforeEach(() => {
    Object.assign(process.env, { AWS_ENDPOINT_URL_S3: bucket.endpoint, AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' });
  });
  afterEach(() => {
    for (const name of ['AWS_ENDPOINT_URL_S3', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) Reflect.deleteProperty(process.env, name);
  });

  it('are listed whole, over as many pages as there are', async () => {
    for (const digit of digits) await tombstones().put(tombstone(digit));
    expect(await collected(tombstones().list())).toEqual(digits.map(tombstone));
  });

  it('put again change nothing', async () => {
    await tombstones().put(tombstone('a'));
    const first = [...bucket.objects.values()];
    await tombstones().put({ ...tombstone('a'), begunAt: new Date() });
    expect([...bucket.objects.values()]).toEqual(first);
  });

  it('that cannot be read stop whoever asks', async () => {
    await tombstones().put(tombstone('a'));
    bucket.objects.set('tombstones/x.json', '{"workspaceHash":"x"}');
    await expect(collected(tombstones().list())).rejects.toMatchObject({ code: 'TOMBSTONE_UNREADABLE' });
  });
});
