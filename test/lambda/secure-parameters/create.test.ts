import { Account, CLERK_KEY, CLERK_PATH, PARAMETERS, request, SECURE_PARAMETERS, secureParameters } from '../../support/secure-parameters.ts';

describe('creating the secure parameters', () => {
  let account: Account;
  let keyArn: string;

  beforeEach(async () => {
    account = await Account.open();
    keyArn = account.store.keys.add().Arn;
    account.store.parameters.put(CLERK_PATH, CLERK_KEY);
  });
  afterEach(() => account.close());

  const create = (more = {}) => request('Create', SECURE_PARAMETERS, secureParameters(keyArn, more));
  const value = (name: string) => account.store.parameters.value(`/halton/hosted/${name}`) ?? '';

  it('makes every generated value under the key and puts the operator’s under it', async () => {
    await account.send(create());
    for (const { Name } of PARAMETERS) expect(account.store.parameters.key(`/halton/hosted/${Name}`)?.Arn).toBe(keyArn);
    expect(value('clerk/secret-key')).toBe(CLERK_KEY);
    expect(account.actions()).toEqual({
      'fernet/keys': 'created',
      'webhooks/signing-secret': 'created',
      'database/master-password': 'created',
      'database/api-a-password': 'created',
      'clerk/secret-key': 're-encrypted',
    });
  });

  it('starts the Fernet list with one key of 32 bytes in padded URL-safe base64', async () => {
    await account.send(create());
    expect(value('fernet/keys')).toMatch(/^[A-Za-z0-9_-]{43}=$/);
    expect(Buffer.from(value('fernet/keys'), 'base64url')).toHaveLength(32);
  });

  it('makes a webhook secret of whsec_ and 32 bytes in base64', async () => {
    await account.send(create());
    const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]{43}=)$/.exec(value('webhooks/signing-secret')) ?? [];
    expect(Buffer.from(encoded, 'base64')).toHaveLength(32);
  });

  it('makes passwords that RDS takes and no URL has to escape, each its own', async () => {
    await account.send(create());
    expect(value('database/master-password')).toMatch(/^[A-Za-z0-9]{32,128}$/);
    expect(value('database/master-password')).not.toBe(value('database/api-a-password'));
  });

  it('writes standard-tier parameters, whatever the account has as its default', async () => {
    await account.send(create());
    const puts = account.store.calls.filter(({ operation }) => operation === 'PutParameter');
    expect(new Set(puts.map(({ input }) => input['Tier']))).toEqual(new Set(['Standard']));
  });

  it('asks for the key before it asks for anything else', async () => {
    await account.send(create());
    expect(account.store.operations().slice(0, 2)).toEqual(['DescribeKey', 'GetParameters']);
  });

  it('keeps the values that a removed stack left, and puts them under the new key', async () => {
    const oldKey = account.store.keys.add();
    account.store.parameters.put('/halton/hosted/fernet/keys', 'retained-fernet-key', { KeyId: oldKey.Arn });
    await account.send(create());
    expect(value('fernet/keys')).toBe('retained-fernet-key');
    expect(account.store.parameters.key('/halton/hosted/fernet/keys')?.Arn).toBe(keyArn);
    expect(account.actions()).toMatchObject({ 'fernet/keys': 're-encrypted' });
  });

  it('adopts a value that is under the key already, without a write of it', async () => {
    account.store.parameters.put('/halton/hosted/fernet/keys', 'retained-fernet-key', { KeyId: keyArn });
    await account.send(create());
    expect(account.store.parameters.version('/halton/hosted/fernet/keys')).toBe(1);
    expect(account.actions()).toMatchObject({ 'fernet/keys': 'adopted' });
  });

  it.each([
    ['its ARN', (arn: string) => arn, 1],
    ['its bare id', (arn: string) => arn.slice(arn.indexOf('/') + 1), 1],
    ['an alias, which may have been moved', () => 'alias/halton', 2],
  ])('knows the key by %s', async (_, id, version) => {
    account.store.keys.alias('alias/halton', account.store.keys.describe(keyArn).KeyMetadata);
    account.store.parameters.put('/halton/hosted/fernet/keys', 'retained-fernet-key', { KeyId: id(keyArn) });
    await account.send(create());
    expect(account.store.parameters.version('/halton/hosted/fernet/keys')).toBe(version);
    expect(value('fernet/keys')).toBe('retained-fernet-key');
  });

  it('judges by the last of many versions, however many pages they fill', async () => {
    account.store.parameters.pageSize = 2;
    const path = '/halton/hosted/fernet/keys';
    for (const text of ['one', 'two', 'three', 'four']) account.store.parameters.put(path, text);
    account.store.parameters.put(path, 'five', { KeyId: keyArn });
    await account.send(create());
    expect(value('fernet/keys')).toBe('five');
    expect(account.store.parameters.version(path)).toBe(5);
  });

  it('re-encrypts an advanced parameter in its own tier, since that cannot be lowered', async () => {
    account.store.parameters.put(CLERK_PATH, CLERK_KEY, { Tier: 'Advanced' });
    await account.send(create());
    expect(account.store.parameters.tier(CLERK_PATH)).toBe('Advanced');
    expect(account.store.parameters.key(CLERK_PATH)?.Arn).toBe(keyArn);
  });

  it('says which key a value needs that it cannot read', async () => {
    const lost = account.store.keys.add();
    account.store.parameters.put('/halton/hosted/fernet/keys', 'retained-fernet-key', { KeyId: lost.Arn });
    lost.KeyState = 'PendingDeletion';
    const error = await account.refusal(create());
    expect(error.code).toBe('VALUE_UNREADABLE');
    expect(error.message).toContain(`/halton/hosted/fernet/keys was written under the key ${lost.Arn}`);
    expect(value('fernet/keys')).toBe('retained-fernet-key');
  });

  it('refuses a plaintext parameter before it writes anything, and says what to do', async () => {
    account.store.parameters.put('/halton/hosted/database/api-a-password', 'in-the-open', { Type: 'String' });
    const error = await account.refusal(create());
    expect(error.code).toBe('PARAMETER_NOT_SECURE');
    expect(error.message).toContain('/halton/hosted/database/api-a-password is a String, expected a SecureString');
    expect(error.message).toContain('aws ssm delete-parameter --name /halton/hosted/database/api-a-password');
    expect(value('database/api-a-password')).toBe('in-the-open');
    expect(account.store.writes()).toEqual([]);
  });

  it('refuses a missing operator’s secret before it writes anything, and names the command', async () => {
    account.store.parameters.run('DeleteParameter', { Name: CLERK_PATH });
    const error = await account.refusal(create());
    expect(error.code).toBe('SECRET_MISSING');
    expect(error.message).toContain(`${CLERK_PATH} is missing or empty: store it with \`npm run secrets -- set clerk/secret-key -c deployment=hosted\``);
    expect(account.store.writes()).toEqual([]);
  });

  it('takes a blank operator’s secret for a missing one', async () => {
    account.store.parameters.put(CLERK_PATH, ' ');
    expect((await account.refusal(create())).code).toBe('SECRET_MISSING');
    expect(value('clerk/secret-key')).toBe(' ');
  });

  it('answers with a physical id and nothing else', async () => {
    const answer = await account.send(create());
    expect(Object.keys(answer)).toEqual(['PhysicalResourceId']);
    expect(answer.PhysicalResourceId).toMatch(/^halton-[0-9a-f]{32}$/);
  });

  it('logs one line for each parameter, with resource, request, path and action', async () => {
    await account.send(create());
    expect(account.logged).toHaveLength(PARAMETERS.length);
    expect(account.logged[0]).toEqual({ resource: 'Custom::SecureParameters', request: 'Create', parameter: '/halton/hosted/fernet/keys', action: 'created' });
  });

  it.each([
    ['an alias instead of a key', { KeyArn: 'alias/halton' }, "KeyArn: expected a key's ARN, not an alias"],
    ['a path outside /halton', { Path: '/other/hosted' }, 'Path: expected /halton/'],
    ['an unknown format', { Parameters: [{ Name: 'fernet/keys', Source: 'generated', Format: 'rot13' }] }, 'Parameters.0.Format: expected a format'],
    ['a name that climbs out of the path', { Parameters: [{ Name: '../x', Source: 'operator' }] }, 'Parameters.0.Name: expected a name'],
  ])('refuses %s and calls nothing', async (_, more, expected) => {
    const error = await account.refusal(create(more));
    expect(error.code).toBe('EVENT_INVALID');
    expect(error.message).toContain(expected);
    expect(account.store.calls).toEqual([]);
  });

  it('refuses a resource type that it does not serve', async () => {
    const error = await account.refusal(request('Create', { ResourceType: 'Custom::Else' }, {}));
    expect(error.code).toBe('EVENT_INVALID');
    expect(error.message).toContain('ResourceType: expected a type that this function serves');
  });
});
