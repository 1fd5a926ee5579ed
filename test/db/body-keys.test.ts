import { randomBytes } from 'node:crypto';
import { storeBody } from '../../api/src/repositories/bodies.ts';
import { parseFernetKeys } from '../../api/src/sealing/keys.ts';
import { answered, asked, bothKeys, newKeys, oldKeys, TestBodies } from '../support/bodies.ts';

/** That nobody has any more. */
const strangeKeys = parseFernetKeys(`${randomBytes(32).toString('base64url')}=`);

let bodies: TestBodies;
beforeAll(async () => {
  bodies = await TestBodies.start();
});
afterAll(() => bodies.stop());

describe('HM-SSM-4: keys', () => {
  it('say so when they are the wrong ones, and what stands is left as it is', async () => {
    const [tenant, requestId] = await bodies.newRequest();
    await bodies.store(tenant, { requestId, ...asked });
    await expect(bodies.read(tenant, requestId, newKeys)).rejects.toMatchObject({ code: 'SEAL_UNREADABLE' });
    await expect(bodies.store(tenant, { requestId, ...answered, redactionApplied: true }, newKeys)).rejects.toMatchObject({ code: 'SEAL_UNREADABLE' });
    expect(await bodies.read(tenant, requestId)).toEqual({ request: asked.request });
    expect(await bodies.isRedacted(tenant, requestId)).toBe(false);
  });

  it('rotate in batches, after which the old one can go', async () => {
    const tenant = await bodies.newSyncingTenant();
    const ids = await bodies.metered(tenant, 25);
    for (const requestId of ids) await bodies.store(tenant, { requestId, ...asked });
    expect(await bodies.rotate(tenant, bothKeys, { batch: 10 })).toEqual({ rotated: 10, passedOver: 0, unreadable: 0, next: ids[9] });
    expect(await bodies.rotate(tenant, bothKeys, { batch: 10, after: ids[9] })).toEqual({ rotated: 10, passedOver: 0, unreadable: 0, next: ids[19] });
    expect(await bodies.read(tenant, ids[24] ?? '', bothKeys)).toEqual({ request: asked.request });
    await expect(bodies.read(tenant, ids[24] ?? '', newKeys)).rejects.toMatchObject({ code: 'SEAL_UNREADABLE' });
    expect(await bodies.rotate(tenant, bothKeys, { batch: 10, after: ids[19] })).toEqual({ rotated: 5, passedOver: 0, unreadable: 0 });
    for (const requestId of ids) expect(await bodies.read(tenant, requestId, newKeys)).toEqual({ request: asked.request });
    expect(await bodies.rotate(tenant, bothKeys)).toEqual({ rotated: 0, passedOver: 0, unreadable: 0 });
  });

  it('rotate while bodies arrive, and nothing is lost', async () => {
    const tenant = await bodies.newSyncingTenant();
    const ids = await bodies.metered(tenant, 60);
    for (const requestId of ids) await bodies.store(tenant, { requestId, ...asked });
    await Promise.all([
      ...ids.map((requestId) => bodies.store(tenant, { requestId, ...answered }, bothKeys)),
      ...[1, 2, 3].map(() => bodies.rotate(tenant, bothKeys)),
    ]);
    expect(await bodies.rotate(tenant, bothKeys)).toEqual({ rotated: 0, passedOver: 0, unreadable: 0 });
    for (const requestId of ids) expect(await bodies.read(tenant, requestId, newKeys)).toEqual({ request: asked.request, response: answered.response });
  });

  it('go on past a body that they do not open, and count it', async () => {
    const tenant = await bodies.newSyncingTenant();
    const [lost = '', ...others] = await bodies.metered(tenant, 3);
    await bodies.store(tenant, { requestId: lost, ...asked }, strangeKeys);
    for (const requestId of others) await bodies.store(tenant, { requestId, ...asked });
    expect(await bodies.rotate(tenant, bothKeys)).toEqual({ rotated: 2, passedOver: 0, unreadable: 1 });
    expect(await bodies.read(tenant, lost, strangeKeys)).toEqual({ request: asked.request });
    for (const requestId of others) expect(await bodies.read(tenant, requestId, newKeys)).toEqual({ request: asked.request });
  });

  it('pass over a body that somebody is just writing, and say so', async () => {
    const [tenant, requestId] = await bodies.newRequest();
    await bodies.store(tenant, { requestId, ...asked });
    await bodies.inWorkspace(tenant, async (client) => {
      await storeBody(client, oldKeys, tenant, { requestId, ...answered });
      expect(await bodies.rotate(tenant, bothKeys)).toEqual({ rotated: 0, passedOver: 1, unreadable: 0 });
    });
    expect(await bodies.rotate(tenant, bothKeys)).toEqual({ rotated: 1, passedOver: 0, unreadable: 0 });
    expect(await bodies.read(tenant, requestId, newKeys)).toEqual({ request: asked.request, response: answered.response });
  });

  it('of one workspace are all that a run of the jobs sees', async () => {
    const [tenant, requestId] = await bodies.newRequest();
    const [stranger] = await bodies.newRequest();
    await bodies.store(tenant, { requestId, ...asked });
    expect(await bodies.rotate(stranger, bothKeys, { of: tenant })).toEqual({ rotated: 0, passedOver: 0, unreadable: 0 });
    expect(await bodies.read(tenant, requestId)).toEqual({ request: asked.request });
  });
});
