import { answered, asked, bothKeys, newKeys, TestBodies } from '../support/bodies.ts';
import { newTenant } from '../support/tenants.ts';

let bodies: TestBodies;
beforeAll(async () => {
  bodies = await TestBodies.start();
});
afterAll(() => bodies.stop());

describe('HM-BODY-1: a body', () => {
  it('stands under its request in one sealed column, together with the metadata', async () => {
    const [tenant, requestId] = await bodies.newRequest();
    expect(await bodies.store(tenant, { requestId, metadata: { team: 'vaults' }, ...asked })).toBe('stored');
    expect(await bodies.read(tenant, requestId)).toEqual({ metadata: { team: 'vaults' }, request: asked.request });
    expect(await bodies.sealedOf(requestId)).toMatch(/^gAAAAA[A-Za-z0-9_=-]+$/);
  });

  it('can be read in no row of the database', async () => {
    const [tenant, requestId] = await bodies.newRequest();
    await bodies.store(tenant, { requestId, metadata: { team: 'vaults' }, ...asked });
    const rows = await bodies.asSuperuser('SELECT r::text, b::text FROM halton.requests r JOIN halton.request_bodies b USING (workspace_id, request_id)', []);
    expect(JSON.stringify(rows)).toContain(requestId);
    expect(JSON.stringify(rows)).not.toContain('vault');
  });

  it('is refused where the workspace has not opted in, which metadata are not', async () => {
    const tenant = await newTenant(bodies.api);
    const [requestId = ''] = await bodies.metered(tenant, 1);
    expect(await bodies.store(tenant, { requestId, ...asked, redactionApplied: true })).toBe('BODY_SYNC_OFF');
    expect(await bodies.store(tenant, { requestId, ...answered })).toBe('BODY_SYNC_OFF');
    expect(await bodies.sealedOf(requestId)).toBeUndefined();
    expect(await bodies.isRedacted(tenant, requestId)).toBe(false);
    expect(await bodies.store(tenant, { requestId, metadata: { team: 'vaults' }, redactionApplied: false })).toBe('stored');
    expect(await bodies.read(tenant, requestId)).toEqual({ metadata: { team: 'vaults' } });
  });

  it('is refused without its request, also where another workspace has one of that id', async () => {
    const [, requestId] = await bodies.newRequest();
    const other = await bodies.newSyncingTenant();
    expect(await bodies.store(other, { requestId, ...asked })).toBe('REQUEST_UNKNOWN');
    expect(await bodies.read(other, requestId)).toBeUndefined();
  });

  it('of another request or workspace does not open where somebody copied it to', async () => {
    const [tenant, requestId] = await bodies.newRequest();
    const [stranger, elsewhere] = await bodies.newRequest();
    await bodies.store(tenant, { requestId, ...asked });
    await bodies.asSuperuser('INSERT INTO halton.request_bodies (workspace_id, request_id, sealed) VALUES ($1, $2, $3)', [stranger.workspaceId, elsewhere, await bodies.sealedOf(requestId)]);
    await expect(bodies.read(stranger, elsewhere)).rejects.toMatchObject({ code: 'SEAL_MISPLACED' });
    await expect(bodies.store(stranger, { requestId: elsewhere, ...answered })).rejects.toMatchObject({ code: 'SEAL_MISPLACED' });
  });

  it('can be read but not written while the workspace awaits its deletion', async () => {
    const [tenant, requestId] = await bodies.newRequest();
    await bodies.store(tenant, { requestId, ...asked });
    await bodies.inWorkspace(tenant, (client) => client.query('UPDATE halton.workspaces SET deletion_requested_at = now(), deletion_requested_by = $1', [tenant.ownerId]));
    await expect(bodies.store(tenant, { requestId, ...answered })).rejects.toMatchObject({ code: '42501' });
    expect(await bodies.read(tenant, requestId)).toEqual({ request: asked.request });
    expect(await bodies.rotate(tenant, bothKeys)).toEqual({ rotated: 1, passedOver: 0, unreadable: 0 });
    expect(await bodies.read(tenant, requestId, newKeys)).toEqual({ request: asked.request });
  });
});

describe('a workspace whose id is written in capitals', () => {
  it('has its bodies sealed, read and sealed anew as the same one', async () => {
    const [tenant, requestId] = await bodies.newRequest();
    const capitals = { ...tenant, workspaceId: tenant.workspaceId.toUpperCase() };
    expect(await bodies.store(capitals, { requestId, ...asked })).toBe('stored');
    for (const either of [tenant, capitals]) expect(await bodies.read(either, requestId)).toEqual({ request: asked.request });
    expect(await bodies.rotate(capitals, bothKeys)).toEqual({ rotated: 1, passedOver: 0, unreadable: 0 });
    expect(await bodies.read(tenant, requestId, newKeys)).toEqual({ request: asked.request });
  });
});

describe('HM-BODY-2: redaction_applied', () => {
  const orders = [['request first', asked, answered], ['response first', answered, asked]] as const;
  const flags = [[false, false], [false, true], [true, false], [true, true]] as const;
  describe.each(orders)('with the %s', (_, first, second) => {
    it.each(flags)('is the OR of %j and %j', async (ofFirst, ofSecond) => {
      const [tenant, requestId] = await bodies.newRequest();
      await bodies.store(tenant, { requestId, ...first, redactionApplied: ofFirst });
      await bodies.store(tenant, { requestId, ...second, redactionApplied: ofSecond });
      expect(await bodies.isRedacted(tenant, requestId)).toBe(ofFirst || ofSecond);
      expect(await bodies.read(tenant, requestId)).toEqual({ request: asked.request, response: answered.response });
    });
  });

  it('stays when a direction comes again without it', async () => {
    const [tenant, requestId] = await bodies.newRequest();
    for (const redactionApplied of [true, false]) await bodies.store(tenant, { requestId, ...asked, redactionApplied });
    expect(await bodies.isRedacted(tenant, requestId)).toBe(true);
  });

  it('loses nothing when both directions and the metadata come at once', async () => {
    const tenant = await bodies.newSyncingTenant();
    const ids = await bodies.metered(tenant, 40);
    await Promise.all(ids.flatMap((requestId, index) => [
      bodies.store(tenant, { requestId, ...asked, redactionApplied: index % 2 === 0 }),
      bodies.store(tenant, { requestId, ...answered, redactionApplied: index % 3 === 0 }),
      bodies.store(tenant, { requestId, metadata: { index }, redactionApplied: false }),
    ]));
    for (const [index, requestId] of ids.entries()) {
      expect(await bodies.read(tenant, requestId)).toEqual({ metadata: { index }, request: asked.request, response: answered.response });
      expect(await bodies.isRedacted(tenant, requestId)).toBe(index % 2 === 0 || index % 3 === 0);
    }
  });

  it('writes nothing when the same comes again', async () => {
    const [tenant, requestId] = await bodies.newRequest();
    await bodies.store(tenant, { requestId, ...asked });
    const sealed = await bodies.sealedOf(requestId);
    expect(await bodies.store(tenant, { requestId, ...asked })).toBe('stored');
    expect(await bodies.sealedOf(requestId)).toBe(sealed);
  });
});
