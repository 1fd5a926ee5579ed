import { isCertainlyKey } from '../../../lambda/secure-parameters/key.ts';
import { Account, CLERK_KEY, CLERK_PATH, request, SECURE_PARAMETERS, secureParameters } from '../../support/secure-parameters.ts';

const ARN = 'arn:aws:kms:eu-west-2:123456789012:key/0f9e8d7c-1111-2222-3333-444455556666';

describe('the key', () => {
  let account: Account;

  beforeEach(async () => {
    account = await Account.open();
    account.store.parameters.put(CLERK_PATH, CLERK_KEY);
  });
  afterEach(() => account.close());

  it.each([
    ['AWS-managed', { KeyManager: 'AWS' }, 'KeyManager is AWS, expected CUSTOMER'],
    ['disabled', { KeyState: 'Disabled' }, 'KeyState is Disabled, expected Enabled'],
    ['about to be deleted', { KeyState: 'PendingDeletion' }, 'KeyState is PendingDeletion, expected Enabled'],
    ['asymmetric', { KeySpec: 'RSA_2048' }, 'KeySpec is RSA_2048, expected SYMMETRIC_DEFAULT'],
    ['for signatures', { KeyUsage: 'GENERATE_VERIFY_MAC' }, 'KeyUsage is GENERATE_VERIFY_MAC, expected ENCRYPT_DECRYPT'],
    ['multi-Region', { MultiRegion: true }, 'MultiRegion is true, expected false'],
  ])('is refused when it is %s, before anything is written', async (_, traits, expected) => {
    const error = await account.refusal(request('Create', SECURE_PARAMETERS, secureParameters(account.store.keys.add(traits).Arn)));
    expect(error.code).toBe('KEY_UNUSABLE');
    expect(error.message).toContain(expected);
    expect(account.store.operations()).toEqual(['DescribeKey']);
  });

  it('is refused when it does not exist', async () => {
    const error = await account.refusal(request('Create', SECURE_PARAMETERS, secureParameters(ARN)));
    expect(error.code).toBe('KEY_UNUSABLE');
    expect(error.message).toContain('it does not exist in this region');
  });

  it('is refused when KMS answers for another one', async () => {
    const key = account.store.keys.add();
    const error = await account.refusal(request('Create', SECURE_PARAMETERS, secureParameters(key.Arn.replace('eu-west-2', 'eu-west-1'))));
    expect(error.code).toBe('KEY_UNUSABLE');
    expect(error.message).toContain(`Arn is ${key.Arn}`);
  });

  it.each([
    ['its ARN', ARN, true],
    ['its bare id', '0f9e8d7c-1111-2222-3333-444455556666', true],
    ['the same id in another region', ARN.replace('eu-west-2', 'eu-west-1'), false],
    ['the end of its id', '444455556666', false],
    ['an alias', 'alias/halton', false],
    ['an alias’s ARN', 'arn:aws:kms:eu-west-2:123456789012:alias/halton', false],
    ['the account’s own key', 'alias/aws/ssm', false],
    ['nothing', undefined, false],
    ['an empty text', '', false],
  ])('is told by %s: %p is %p', (_, id, expected) => {
    expect(isCertainlyKey(id, ARN)).toBe(expected);
  });
});
