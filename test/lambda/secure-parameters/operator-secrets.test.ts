import { Account, CLERK_KEY, CLERK_PATH, request } from '../../support/secure-parameters.ts';

const PLACE = { ResourceType: 'Custom::OperatorSecrets', stack: 'halton-hosted-network/1' };
const WEBHOOK_PATH = '/halton/hosted/clerk/webhook-signing-secret';
const properties = { Deployment: 'hosted', Path: '/halton/hosted', Names: ['clerk/secret-key', 'clerk/webhook-signing-secret'] };

describe('checking the operator’s secrets', () => {
  let account: Account;

  beforeEach(async () => {
    account = await Account.open();
  });
  afterEach(() => account.close());

  it('passes when all are there, by one call that decrypts nothing', async () => {
    account.store.parameters.put(CLERK_PATH, CLERK_KEY);
    account.store.parameters.put(WEBHOOK_PATH, 'whsec_operator');
    await account.send(request('Create', PLACE, properties));
    expect(account.store.calls).toEqual([{ operation: 'GetParameters', input: { Names: [CLERK_PATH, WEBHOOK_PATH], WithDecryption: false } }]);
  });

  it('names every missing one with the command that stores it', async () => {
    const error = await account.refusal(request('Create', PLACE, properties));
    expect(error.code).toBe('SECRET_MISSING');
    expect(error.message).toBe(
      'SECRET_MISSING: nothing was written. ' +
        `${CLERK_PATH} is missing or empty: store it with \`npm run secrets -- set clerk/secret-key -c deployment=hosted\`; ` +
        `${WEBHOOK_PATH} is missing or empty: store it with \`npm run secrets -- set clerk/webhook-signing-secret -c deployment=hosted\`. Then deploy again.`,
    );
  });

  it('names a missing one and a plaintext one together', async () => {
    account.store.parameters.put(WEBHOOK_PATH, 'whsec_in_the_open', { Type: 'String' });
    const error = await account.refusal(request('Create', PLACE, properties));
    expect(error.code).toBe('SECRET_MISSING');
    expect(error.message).toContain(`${WEBHOOK_PATH} is a String, expected a SecureString`);
    expect(error.message).toContain(`${CLERK_PATH} is missing or empty`);
    expect(error.message).not.toContain('whsec_in_the_open');
  });

  it('refuses a plaintext one alone', async () => {
    account.store.parameters.put(CLERK_PATH, CLERK_KEY);
    account.store.parameters.put(WEBHOOK_PATH, 'whsec_in_the_open', { Type: 'String' });
    expect((await account.refusal(request('Create', PLACE, properties))).code).toBe('PARAMETER_NOT_SECURE');
  });

  it('looks again at an update', async () => {
    const event = request('Update', PLACE, properties, { PhysicalResourceId: 'halton-1', OldResourceProperties: properties });
    expect((await account.refusal(event)).code).toBe('SECRET_MISSING');
    account.store.parameters.put(CLERK_PATH, CLERK_KEY);
    account.store.parameters.put(WEBHOOK_PATH, 'whsec_operator');
    expect(await account.send(event)).toEqual({ PhysicalResourceId: 'halton-1' });
  });

  it('asks for nothing at a delete, and succeeds also after a failed creation', async () => {
    expect(await account.send(request('Delete', PLACE, properties, { PhysicalResourceId: 'halton-1' }))).toEqual({ PhysicalResourceId: 'halton-1' });
    expect(account.store.calls).toEqual([]);
  });

  it('asks in batches of ten, the most that AWS takes', async () => {
    const Names = Array.from({ length: 12 }, (_, index) => `clerk/key-${index}`);
    for (const name of Names) account.store.parameters.put(`/halton/hosted/${name}`, 'present');
    await account.send(request('Create', PLACE, { ...properties, Names }));
    expect(account.store.calls.map(({ input }) => (input['Names'] as string[]).length)).toEqual([10, 2]);
  });
});
