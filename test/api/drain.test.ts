import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openPool } from '../../api/src/database.ts';
import { drain, ECS_LIMITS } from '../../api/src/drain.ts';
import type { Draining } from '../../api/src/drain.ts';
import { newService } from '../../api/src/service.ts';
import { readRelease } from '../../db/release.ts';
import { withDatabase } from '../support/app-deps.ts';
import { TestPostgres } from '../support/postgres.ts';

/** Milliseconds; only their order matters here. */
const NOTICE = 2_000;
const FINISH = 20_000;

/** Of a request on a connection of its own: the status, or why there is none. */
async function get(url: string): Promise<number | string> {
  return new Promise((resolve) => {
    request(url, { agent: new Agent() }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    })
      .once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
      .end();
  });
}

describe('draining', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await TestPostgres.start();
  });
  afterAll(() => postgres.stop());

  let service: Draining;
  let slow: PromiseWithResolvers<void>;
  let arrived: PromiseWithResolvers<void>;
  let url: string;

  beforeEach(async () => {
    const pool = openPool(postgres.asLogin(await postgres.migrated()));
    service = await newService({ ...withDatabase(pool), release: readRelease(), log: { level: 'fatal', stream: { write: () => undefined } } });
    slow = Promise.withResolvers();
    arrived = Promise.withResolvers();
    service.app.get('/slow', async () => {
      arrived.resolve();
      await slow.promise;
      return (await pool.query('SELECT 1 AS one')).rows[0];
    });
    await service.app.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}`;
  });

  const ask = (path: string) => get(`${url}${path}`);

  it('first fails /readyz, then takes no connection, and finishes what is under way with the database at hand', async () => {
    expect(await ask('/readyz')).toBe(200);
    const underWay = ask('/slow');
    await arrived.promise;
    const drained = drain(service, { notice: NOTICE, finish: FINISH });
    expect(await ask('/readyz')).toBe(503);
    expect(await ask('/healthz')).toBe(200);
    while ((await ask('/healthz')) !== 'ECONNREFUSED');
    slow.resolve();
    expect(await underWay).toBe(200);
    expect(await drained).toBe(true);
    expect(service.pools[0]?.totalCount).toBe(0);
  });

  it('cuts off what takes too long, and says so', async () => {
    const underWay = ask('/slow');
    await arrived.promise;
    expect(await drain(service, { notice: 0, finish: 100 })).toBe(false);
    expect(await underWay).toBe('ECONNRESET');
    slow.resolve();
  });
});

describe('the limits of draining', () => {
  it('leave time to spare of the 30 seconds that ECS gives', () => {
    expect(ECS_LIMITS.notice + ECS_LIMITS.finish).toBeLessThanOrEqual(25_000);
  });
});
