import { newDatabaseUrl, readdressed } from '../../../lambda/secure-parameters/database-url.ts';
import { Account, DATABASE_URL, databaseUrl, request } from '../../support/secure-parameters.ts';

const URL_PATH = '/halton/hosted/database/url';
const PASSWORD_PATH = '/halton/hosted/database/api-a-password';
const ADDRESS = { Host: 'db.example', Port: '5432', Database: 'halton', SslMode: 'verify-full' };

describe('the text of a database URL', () => {
  it('escapes what a password may hold', () => {
    const text = newDatabaseUrl(ADDRESS, 'halton_api_a', 'p@ss/w:rd?#% ü');
    expect(text).toBe('postgresql://halton_api_a:p%40ss%2Fw%3Ard%3F%23%25%20%C3%BC@db.example:5432/halton?sslmode=verify-full');
    expect(decodeURIComponent(new URL(text).password)).toBe('p@ss/w:rd?#% ü');
  });

  it('stays the same text where the address is right', () => {
    const text = 'postgresql://halton_api_b:a%2Fb@db.example:5432/halton?application_name=x&sslmode=verify-full';
    expect(readdressed(text, ADDRESS)).toBe(text);
  });

  it.each([
    ['host', 'postgresql://b:p%2F@old.example:5432/halton?sslmode=verify-full'],
    ['port', 'postgresql://b:p%2F@db.example:5433/halton?sslmode=verify-full'],
    ['database', 'postgresql://b:p%2F@db.example:5432/other?sslmode=verify-full'],
    ['sslmode', 'postgresql://b:p%2F@db.example:5432/halton?sslmode=require'],
    ['absent sslmode', 'postgresql://b:p%2F@db.example:5432/halton'],
    ['absent port', 'postgresql://b:p%2F@db.example/halton?sslmode=verify-full'],
  ])('changes the %s alone', (_, text) => {
    expect(readdressed(text, ADDRESS)).toBe('postgresql://b:p%2F@db.example:5432/halton?sslmode=verify-full');
  });

  it.each(['', 'not a url', 'mysql://b:p@db.example/halton', 'postgresql://db.example/halton', 'postgresql://b@db.example/halton', 'postgresql:b:p'])(
    'is not %p',
    (text) => expect(readdressed(text, ADDRESS)).toBeUndefined(),
  );
});

describe('keeping the database URL', () => {
  let account: Account;
  let keyArn: string;

  beforeEach(async () => {
    account = await Account.open();
    keyArn = account.store.keys.add().Arn;
    account.store.parameters.put(PASSWORD_PATH, 'a-password', { KeyId: keyArn });
  });
  afterEach(() => account.close());

  const create = (more = {}) => request('Create', DATABASE_URL, databaseUrl(keyArn, more));
  const existing = (text: string, KeyId = keyArn) => account.store.parameters.put(URL_PATH, text, { KeyId });
  const url = () => account.store.parameters.value(URL_PATH);

  it('makes it of the login, its password and the instance’s address', async () => {
    await account.send(create());
    expect(url()).toBe('postgresql://halton_api_a:a-password@db.example.eu-west-2.rds.amazonaws.com:5432/halton?sslmode=verify-full');
    expect(account.store.parameters.key(URL_PATH)?.Arn).toBe(keyArn);
    expect(account.actions()).toEqual({ 'database/url': 'created' });
  });

  it('keeps the login that a rotation has switched to when the address changes', async () => {
    existing('postgresql://halton_api_b:b-password@old.example:5432/halton?sslmode=verify-full');
    await account.send(create());
    expect(url()).toBe('postgresql://halton_api_b:b-password@db.example.eu-west-2.rds.amazonaws.com:5432/halton?sslmode=verify-full');
    expect(account.actions()).toEqual({ 'database/url': 'readdressed' });
  });

  it('mends an sslmode that has been weakened', async () => {
    existing('postgresql://halton_api_b:b-password@db.example.eu-west-2.rds.amazonaws.com:5432/halton?sslmode=disable');
    await account.send(create());
    expect(url()).toContain('?sslmode=verify-full');
  });

  it('writes no version where nothing differs', async () => {
    const { PhysicalResourceId } = await account.send(create());
    account.store.calls.length = 0;
    await account.send(request('Update', DATABASE_URL, databaseUrl(keyArn), { PhysicalResourceId, OldResourceProperties: databaseUrl(keyArn) }));
    expect(account.store.writes()).toEqual([]);
    expect(account.actions()).toEqual({ 'database/url': 'kept' });
  });

  it('puts an equal one under the key', async () => {
    const text = 'postgresql://halton_api_b:b-password@db.example.eu-west-2.rds.amazonaws.com:5432/halton?sslmode=verify-full';
    existing(text, account.store.keys.add().Arn);
    await account.send(create());
    expect(url()).toBe(text);
    expect(account.store.parameters.key(URL_PATH)?.Arn).toBe(keyArn);
    expect(account.actions()).toEqual({ 'database/url': 're-encrypted' });
  });

  it('refuses what is no database URL, without showing or changing it', async () => {
    existing('hunter2-is-no-url');
    const error = await account.refusal(create());
    expect(error.code).toBe('DATABASE_URL_MALFORMED');
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain('hunter2');
    expect(url()).toBe('hunter2-is-no-url');
  });

  it('refuses to begin without the password', async () => {
    account.store.parameters.run('DeleteParameter', { Name: PASSWORD_PATH });
    const error = await account.refusal(create());
    expect(error.code).toBe('SECRET_MISSING');
    expect(error.message).toContain(`${PASSWORD_PATH} is missing or empty: Custom::SecureParameters makes it`);
  });

  it('refuses a password in plaintext', async () => {
    account.store.parameters.run('DeleteParameter', { Name: PASSWORD_PATH });
    account.store.parameters.put(PASSWORD_PATH, 'in-the-open', { Type: 'String' });
    expect((await account.refusal(create())).code).toBe('PARAMETER_NOT_SECURE');
  });

  it('refuses any sslmode but verify-full', async () => {
    const error = await account.refusal(create({ SslMode: 'require' }));
    expect(error.code).toBe('EVENT_INVALID');
    expect(error.message).toContain('SslMode: expected verify-full');
  });

  it('is deleted with danger, and the password is not', async () => {
    const { PhysicalResourceId } = await account.send(create({ DeleteOnDestroy: 'true' }));
    await account.send(request('Delete', DATABASE_URL, databaseUrl(keyArn, { DeleteOnDestroy: 'true' }), { PhysicalResourceId }));
    expect(account.store.parameters.paths()).toEqual([PASSWORD_PATH]);
  });

  it('is retained without danger', async () => {
    const { PhysicalResourceId } = await account.send(create());
    await account.send(request('Delete', DATABASE_URL, databaseUrl(keyArn), { PhysicalResourceId }));
    expect(account.store.parameters.paths()).toContain(URL_PATH);
  });
});
