import { AccountParameters } from '../../lib/secrets/account-parameters.ts';
import { ParameterStoreServer } from '../support/parameter-store.ts';
import { CREDENTIALS } from '../support/secrets-command.ts';

describe('the account of a deployment that names one', () => {
  const before = { ...process.env };
  let store: ParameterStoreServer;
  let parameters: AccountParameters;

  beforeEach(async () => {
    store = await ParameterStoreServer.start();
    Object.assign(process.env, CREDENTIALS, { AWS_ENDPOINT_URL: store.endpoint });
    parameters = new AccountParameters('eu-west-2');
  });
  afterEach(async () => {
    process.env = { ...before };
    await store.close();
  });

  it('is accepted when the credentials lead there', async () => {
    await expect(parameters.demandAccount(store.keys.account)).resolves.toBeUndefined();
  });

  it('is refused when they lead elsewhere, with both accounts', async () => {
    await expect(parameters.demandAccount('999999999999')).rejects.toMatchObject({
      code: 'WRONG_ACCOUNT',
      message: expect.stringMatching(/^Got credentials of the account 123456789012, expected 999999999999/),
    });
  });
});
