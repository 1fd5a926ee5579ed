import { Account, CLERK_KEY, CLERK_PATH, PARAMETERS, request, SECURE_PARAMETERS, secureParameters } from '../../support/secure-parameters.ts';

describe('deleting the secure parameters', () => {
  let account: Account;
  let keyArn: string;

  beforeEach(async () => {
    account = await Account.open();
    keyArn = account.store.keys.add().Arn;
    account.store.parameters.put(CLERK_PATH, CLERK_KEY);
  });
  afterEach(() => account.close());

  const danger = { DeleteOnDestroy: 'true' };
  const first = SECURE_PARAMETERS;
  /** What a release that names the construct otherwise makes of it. */
  const renamed = { ...first, LogicalResourceId: 'RenamedSecrets' };

  const create = async (more = {}, place = first) => (await account.send(request('Create', place, secureParameters(keyArn, more)))).PhysicalResourceId;
  const remove = (PhysicalResourceId: string, more = {}, place = first) => account.send(request('Delete', place, secureParameters(keyArn, more), { PhysicalResourceId }));

  it('retains every value unless the deployment says danger', async () => {
    const id = await create();
    const before = account.values();
    await remove(id);
    expect(account.values()).toEqual(before);
    expect(new Set(Object.values(account.actions()))).toEqual(new Set(['retained']));
  });

  it('deletes every value when the deployment says danger', async () => {
    await remove(await create(danger), danger);
    expect(account.store.parameters.paths()).toEqual([]);
    expect(new Set(Object.values(account.actions()))).toEqual(new Set(['deleted']));
  });

  it('can be repeated', async () => {
    const id = await create(danger);
    await remove(id, danger);
    expect(await remove(id, danger)).toEqual({ PhysicalResourceId: id });
    expect(new Set(Object.values(account.actions()))).toEqual(new Set(['untouched']));
  });

  it('can be repeated after it was cut off half way', async () => {
    const id = await create(danger);
    const { intercept } = account.store;
    account.store.intercept = ({ operation, input }) => (operation === 'DeleteParameter' && input['Name'] === '/halton/hosted/database/api-a-password' ? 'hang' : undefined);
    const event = request('Delete', first, secureParameters(keyArn, danger), { PhysicalResourceId: id });
    expect((await account.refusal(event, 250)).code).toBe('OUT_OF_TIME');
    account.store.intercept = intercept;
    await account.send(event);
    expect(account.store.parameters.paths()).toEqual([]);
  });

  it('keeps what a successor has taken over, when the replaced resource is deleted late', async () => {
    const old = await create(danger);
    const before = account.values();
    const successor = await create(danger, renamed);
    await remove(old, danger);
    expect(account.values()).toEqual(before);
    await remove(successor, danger, renamed);
    expect(account.store.parameters.paths()).toEqual([]);
  });

  it('keeps what its predecessor still uses, when a successor is rolled back', async () => {
    const old = await create(danger);
    const before = account.values();
    await remove(await create(danger, renamed), danger, renamed);
    expect(account.values()).toEqual(before);
    await remove(old, danger);
    expect(account.store.parameters.paths()).toEqual([]);
  });

  it('keeps what another stack has taken over', async () => {
    const elsewhere = { ...first, stack: 'halton-hosted-service/9' };
    const old = await create(danger);
    const before = account.values();
    await create(danger, elsewhere);
    await remove(old, danger);
    expect(account.values()).toEqual(before);
  });

  it('leaves to the second creation what the first one made before it failed and was forgotten', async () => {
    // The provider framework swallows the Delete of a resource whose Create failed, so nobody lets go for it.
    account.store.intercept = ({ operation, input }) => (operation === 'PutParameter' && input['Name'] === '/halton/hosted/database/master-password' ? 'InternalServerError' : undefined);
    await account.refusal(request('Create', first, secureParameters(keyArn, danger)));
    account.store.intercept = () => undefined;
    const made = account.values();

    const second = await create(danger, { ...first, stack: 'halton-hosted-data/2' });
    expect(account.values()).toMatchObject(made);
    await remove(second, danger, { ...first, stack: 'halton-hosted-data/2' });
    expect(account.store.parameters.paths()).toEqual([]);
  });

  it('does nothing for a creation that failed before it made anything', async () => {
    const id = 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED';
    expect(await remove(id, danger)).toEqual({ PhysicalResourceId: id });
    expect(account.store.parameters.value(CLERK_PATH)).toBe(CLERK_KEY);
  });

  it('does nothing for a creation that failed by its properties', async () => {
    const event = request('Delete', first, { Deployment: 'Not A Name' }, { PhysicalResourceId: 'halton-x' });
    expect(await account.send(event)).toEqual({ PhysicalResourceId: 'halton-x' });
    expect(account.store.calls).toEqual([]);
  });

  it('needs no key, which may be gone before it', async () => {
    const id = await create(danger);
    account.store.keys.describe(keyArn).KeyMetadata.KeyState = 'PendingDeletion';
    await remove(id, danger);
    expect(account.store.parameters.paths()).toEqual([]);
  });

  it('adopts the retained values in a second life of the stack, under its new key', async () => {
    await remove(await create());
    const before = account.values();
    keyArn = account.store.keys.add().Arn;
    await create({}, { ...first, stack: 'halton-hosted-data/2' });
    expect(account.values()).toEqual(before);
    for (const { Name } of PARAMETERS) expect(account.store.parameters.key(`/halton/hosted/${Name}`)?.Arn).toBe(keyArn);
  });

  it('gives up its hold with a name that the table has lost, so that it is nobody’s obstacle later', async () => {
    const id = await create(danger);
    const fewer = { ...danger, Parameters: PARAMETERS.slice(1) };
    await account.send(request('Update', first, secureParameters(keyArn, fewer), { PhysicalResourceId: id, OldResourceProperties: secureParameters(keyArn, danger) }));
    await remove(id, fewer);
    expect(account.store.parameters.paths()).toEqual(['/halton/hosted/fernet/keys']);
    expect(account.store.parameters.tags('/halton/hosted/fernet/keys')).toEqual({});
  });

  it('leaves foreign tags alone', async () => {
    account.store.parameters.run('AddTagsToResource', { ResourceId: CLERK_PATH, Tags: [{ Key: 'owner', Value: 'platform' }] });
    await remove(await create());
    expect(account.store.parameters.tags(CLERK_PATH)).toEqual({ owner: 'platform' });
  });
});
