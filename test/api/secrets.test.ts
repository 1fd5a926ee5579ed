import { SSMClient } from '@aws-sdk/client-ssm';
import { readSecrets, SERVER_SECRETS } from '../../api/src/secrets.ts';
import { fated, ParameterStoreServer } from '../support/parameter-store.ts';

const PATH = '/halton/hosted';

let store: ParameterStoreServer;
let ssm: SSMClient;
let pauses: number[];

beforeEach(async () => {
  store = await ParameterStoreServer.start();
  ssm = new SSMClient({ endpoint: store.endpoint, region: 'eu-west-2', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' }, maxAttempts: 3 });
  pauses = [];
  for (const name of SERVER_SECRETS) store.parameters.put(`${PATH}/${name}`, `value of ${name}`);
});
afterEach(async () => {
  ssm.destroy();
  await store.close();
});

const read = () => readSecrets(ssm, PATH, SERVER_SECRETS, async (milliseconds) => void pauses.push(milliseconds));

describe('the secrets of the service', () => {
  it('are read in one call, decrypted', async () => {
    expect(await read()).toEqual(Object.fromEntries(SERVER_SECRETS.map((name) => [name, `value of ${name}`])));
    expect(store.calls).toEqual([{ operation: 'GetParameters', input: { Names: SERVER_SECRETS.map((name) => `${PATH}/${name}`), WithDecryption: true } }]);
  });

  it('are all named by their paths when they are missing', async () => {
    store.parameters.run('DeleteParameter', { Name: `${PATH}/fernet/keys` });
    store.parameters.put(`${PATH}/database/url`, ' \n');
    await expect(read()).rejects.toMatchObject({
      code: 'SECRET_MISSING',
      message: expect.stringMatching(/^Got nothing at \/halton\/hosted\/database\/url, \/halton\/hosted\/fernet\/keys, expected a SecureString with a value\..*npm run secrets -- list -c deployment=hosted/) as string,
    });
  });

  it('are refused in plaintext, and their values not repeated', async () => {
    store.parameters.run('DeleteParameter', { Name: `${PATH}/clerk/secret-key` });
    store.parameters.put(`${PATH}/clerk/secret-key`, 'in-plain-sight', { Type: 'String' });
    const refused = read();
    await expect(refused).rejects.toMatchObject({ code: 'SECRET_NOT_SECURE', message: expect.stringContaining('/halton/hosted/clerk/secret-key') as string });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('in-plain-sight') as string });
  });

  it('are asked for again while a policy that was just made may not have arrived', async () => {
    store.intercept = fated('GetParameters', 'AccessDeniedException', { times: 2 });
    expect(await read()).toMatchObject({ 'fernet/keys': 'value of fernet/keys' });
    expect(pauses).toEqual([1_000, 2_000]);
  });

  it('are given up on after 15 seconds, with what is needed', async () => {
    store.intercept = fated('GetParameters', 'AccessDeniedException');
    await expect(read()).rejects.toMatchObject({ code: 'SECRETS_UNREADABLE', message: expect.stringMatching(/AccessDeniedException\. The task role needs ssm:GetParameters on each and kms:Decrypt/) as string });
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBe(15_000);
  });

  it.each(['InvalidKeyId', 'InternalServerError'])('are not waited for when it will not pass: %s, of which only the name is shown', async (name) => {
    store.intercept = fated('GetParameters', name);
    const refused = read();
    await expect(refused).rejects.toMatchObject({ code: 'SECRETS_UNREADABLE', message: expect.stringContaining(`: ${name}.`) as string });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('refused:') as string });
    expect(pauses).toEqual([]);
  });
});
