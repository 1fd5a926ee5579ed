import { Account, CLERK_KEY, CLERK_PATH, PARAMETERS, request, SECURE_PARAMETERS, secureParameters } from '../../support/secure-parameters.ts';

describe('updating the secure parameters', () => {
  let account: Account;
  let keyArn: string;
  let id: string;

  beforeEach(async () => {
    account = await Account.open();
    keyArn = account.store.keys.add().Arn;
    account.store.parameters.put(CLERK_PATH, CLERK_KEY);
    id = (await account.send(request('Create', SECURE_PARAMETERS, secureParameters(keyArn)))).PhysicalResourceId;
    account.logged.length = 0;
    account.store.calls.length = 0;
  });
  afterEach(() => account.close());

  const update = (now = {}, before = {}) =>
    request('Update', SECURE_PARAMETERS, secureParameters(keyArn, now), { PhysicalResourceId: id, OldResourceProperties: secureParameters(keyArn, before) });

  it('never makes a value anew, and writes nothing where nothing is wrong', async () => {
    const before = account.values();
    await account.send(update());
    expect(account.values()).toEqual(before);
    expect(account.store.writes()).toEqual([]);
    expect(new Set(Object.values(account.actions()))).toEqual(new Set(['kept']));
  });

  it('decrypts nothing where nothing is wrong', async () => {
    await account.send(update());
    expect(account.store.calls.filter(({ input }) => input['WithDecryption'] === true)).toEqual([]);
  });

  it('keeps the physical id', async () => {
    expect((await account.send(update())).PhysicalResourceId).toBe(id);
  });

  it('keeps what an operator or a rotation has stored in the meantime, and puts it under the key', async () => {
    account.store.parameters.put('/halton/hosted/fernet/keys', 'new-key,old-key', { KeyId: keyArn });
    account.store.parameters.put(CLERK_PATH, 'sk_test_thesecondone0123456789');
    await account.send(update());
    expect(account.store.parameters.value('/halton/hosted/fernet/keys')).toBe('new-key,old-key');
    expect(account.store.parameters.value(CLERK_PATH)).toBe('sk_test_thesecondone0123456789');
    expect(account.store.parameters.key(CLERK_PATH)?.Arn).toBe(keyArn);
  });

  it('moves every value to a new key', async () => {
    const before = account.values();
    const next = account.store.keys.add().Arn;
    await account.send(update({ KeyArn: next }));
    expect(account.values()).toEqual(before);
    for (const path of account.store.parameters.paths()) expect(account.store.parameters.key(path)?.Arn).toBe(next);
    expect(new Set(Object.values(account.actions()))).toEqual(new Set(['re-encrypted']));
  });

  it('makes a parameter that the table has gained', async () => {
    await account.send(update({ Parameters: [...PARAMETERS, { Name: 'database/api-b-password', Source: 'generated', Format: 'password' }] }));
    expect(account.actions()).toMatchObject({ 'database/api-b-password': 'created', 'fernet/keys': 'kept' });
  });

  it('retains a parameter that the table has lost, danger or not, since the update may be rolled back', async () => {
    const before = account.values();
    await account.send(update({ Parameters: PARAMETERS.slice(1), DeleteOnDestroy: 'true' }, { DeleteOnDestroy: 'true' }));
    expect(account.values()).toEqual(before);
    expect(account.actions()).toMatchObject({ 'fernet/keys': 'retained' });

    await account.send(update({}, { Parameters: PARAMETERS.slice(1) }));
    expect(account.values()).toEqual(before);
    expect(account.actions()).toMatchObject({ 'fernet/keys': 'adopted' });
  });

  it('asks again for an operator’s secret that was deleted', async () => {
    account.store.parameters.run('DeleteParameter', { Name: CLERK_PATH });
    expect((await account.refusal(update())).code).toBe('SECRET_MISSING');
  });

  it('takes old properties that no longer fit for none at all', async () => {
    const event = { ...update(), OldResourceProperties: { Written: 'by an older release' } };
    expect((await account.send(event)).PhysicalResourceId).toBe(id);
  });
});
