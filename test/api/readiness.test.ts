import type { FastifyInstance } from 'fastify';
import { openPool } from '../../api/src/database.ts';
import { newService } from '../../api/src/service.ts';
import type { Draining } from '../../api/src/drain.ts';
import { prepareDatabase } from '../../db/prepare.ts';
import { readRelease } from '../../db/release.ts';
import { withDatabase } from '../support/app-deps.ts';
import { laterRelease } from '../support/migrations.ts';
import { PASSWORDS, TestPostgres } from '../support/postgres.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

let postgres: TestPostgres;
let proxy: TcpProxy;
let services: Draining[];
let lines: string[];

beforeAll(async () => {
  postgres = await TestPostgres.start();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  proxy = await TcpProxy.start(postgres.port);
  services = [];
  lines = [];
});
afterEach(async () => {
  await proxy.stop();
  for (const { app, pools } of services) {
    await app.close();
    await Promise.all(pools.map((pool) => pool.end()));
  }
});

async function serve(database: string, release = readRelease()): Promise<Draining> {
  const pool = openPool({ ...postgres.asLogin(database), port: proxy.port });
  const service = await newService({ ...withDatabase(pool), release, log: { level: 'warn', stream: { write: (line) => void lines.push(line) } } });
  services.push(service);
  return service;
}

async function ask(app: FastifyInstance, url = '/readyz') {
  const response = await app.inject({ url });
  return { status: response.statusCode, ...(response.json<{ code?: string; status: unknown }>().code !== undefined && { code: response.json<{ code: string }>().code }) };
}

const unavailable = { status: 503, code: 'DATABASE_UNAVAILABLE' };

describe('/readyz', () => {
  it('is ready on the schema of its release', async () => {
    const { app } = await serve(await postgres.migrated());
    const response = await app.inject({ url: '/readyz' });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ status: 'ready' });
  });

  it('is ready on a newer schema that still serves its release', async () => {
    const database = await postgres.migrated();
    await prepareDatabase(postgres.asMaster(database), PASSWORDS, laterRelease({ name: 'more' }));
    expect(await ask((await serve(database)).app)).toEqual({ status: 200 });
  });

  it('is not ready on a schema that no longer serves its release', async () => {
    const database = await postgres.migrated();
    await prepareDatabase(postgres.asMaster(database), PASSWORDS, laterRelease({ name: 'less', serves: 1 }));
    expect(await ask((await serve(database)).app)).toEqual({ status: 503, code: 'SCHEMA_TOO_NEW' });
  });

  it('is not ready before the migrations of its release have run', async () => {
    const { app } = await serve(await postgres.migrated(), laterRelease({ name: 'more' }));
    expect(await ask(app)).toEqual({ status: 503, code: 'SCHEMA_TOO_OLD' });
  });

  it('is not ready while the database refuses connections, and is again when it takes them', async () => {
    const { app } = await serve(await postgres.migrated());
    expect(await ask(app)).toEqual({ status: 200 });
    proxy.mode = 'refuse';
    expect(await ask(app)).toEqual(unavailable);
    expect(await ask(app)).toEqual(unavailable);
    proxy.mode = 'pass';
    expect(await ask(app)).toEqual({ status: 200 });
  });

  it('answers also while the database takes connections and says nothing', async () => {
    const { app } = await serve(await postgres.migrated());
    proxy.mode = 'silent';
    expect(await ask(app)).toEqual(unavailable);
  });

  it('answers also when the database goes silent on a connection that stood', async () => {
    const { app } = await serve(await postgres.migrated());
    expect(await ask(app)).toEqual({ status: 200 });
    proxy.mode = 'silent';
    expect(await ask(app)).toEqual(unavailable);
  });

  it('asks the database once for all who ask at the same time', async () => {
    const { app, pools } = await serve(await postgres.migrated());
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(app)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(pools[0]?.totalCount).toBe(1);
  });

  it('is not ready with a password that the database does not take, and logs why', async () => {
    const database = await postgres.migrated();
    const pool = openPool({ ...postgres.asLogin(database), password: 'wrong-one' });
    const service = await newService({ ...withDatabase(pool), release: readRelease(), log: { level: 'warn', stream: { write: (line) => void lines.push(line) } } });
    services.push(service);
    expect(await ask(service.app)).toEqual(unavailable);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'not ready', code: 'DATABASE_UNAVAILABLE', err: { code: '28P01' } });
    expect(lines.join('')).not.toContain('wrong-one');
  });
});

describe('/healthz', () => {
  it('is alive without the database', async () => {
    const { app } = await serve(await postgres.migrated());
    proxy.mode = 'refuse';
    expect(await ask(app, '/healthz')).toEqual({ status: 200 });
  });
});
