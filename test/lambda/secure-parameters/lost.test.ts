import { execFileSync } from 'node:child_process';
import { losses } from '../../../lambda/secure-parameters/formats.ts';
import { Account, CLERK_KEY, CLERK_PATH, DATABASE_URL, databaseUrl, PARAMETERS, request, SECURE_PARAMETERS, secureParameters } from '../../support/secure-parameters.ts';

const FERNET_PATH = '/halton/hosted/fernet/keys';
const MASTER_PATH = '/halton/hosted/database/master-password';
const GENERATED = PARAMETERS.filter(({ Source }) => Source === 'generated').map(({ Name }) => `/halton/hosted/${Name}`);

describe('a generated parameter that is lost', () => {
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

  const lose = (...paths: readonly string[]) => paths.forEach((Name) => account.store.parameters.run('DeleteParameter', { Name }));
  const danger = { DeleteOnDestroy: 'true' };
  const update = (now = {}, before = {}) =>
    request('Update', SECURE_PARAMETERS, secureParameters(keyArn, now), { PhysicalResourceId: id, OldResourceProperties: secureParameters(keyArn, before) });
  const forward = () => update(danger);
  const back = () => update({}, danger);

  it('is refused by an update before anything is written, whatever else the update would do', async () => {
    lose(FERNET_PATH, MASTER_PATH);
    const before = account.values();
    const gained = { Name: 'database/api-b-password', Source: 'generated', Format: 'password' };
    const error = await account.refusal(update({ KeyArn: account.store.keys.add().Arn, Parameters: [...PARAMETERS, gained] }));
    expect(error.code).toBe('SECRET_LOST');
    expect(error.message).toMatch(/^SECRET_LOST: nothing was written\. /);
    expect(error.message).toContain(`${FERNET_PATH}, ${MASTER_PATH} existed and is gone`);
    expect(account.store.writes()).toEqual([]);
    expect(account.values()).toEqual(before);
  });

  it('is named with the way back, the way on, and what is lost on the way on', async () => {
    lose(FERNET_PATH);
    expect((await account.refusal(forward())).message).toBe(
      `SECRET_LOST: nothing was written. ${FERNET_PATH} existed and is gone, and no update makes it anew: ` +
        'put the old value back at its path as a SecureString, from wherever it is kept, or accept the loss by storing a new one, each with a value of its own. ' +
        `\`v="$(openssl rand -base64 32 | tr '+/' '-_')"; aws ssm put-parameter --region eu-west-2 --type SecureString --key-id ${keyArn} --name ${FERNET_PATH} --value "$v"\`: ` +
        'every body sealed with the old keys is lost for good. Then deploy again.',
    );
  });

  it('says of a database password that nothing is lost, and how the database comes to know the new one', async () => {
    lose(MASTER_PATH);
    const { message } = await account.refusal(forward());
    expect(message).toContain('nothing is lost once the database knows the new one');
    expect(message).toContain('`aws rds modify-db-instance --apply-immediately --master-user-password "$v"`');
  });

  it('is named together with what is missing and what is in plaintext', async () => {
    lose(FERNET_PATH, MASTER_PATH, CLERK_PATH);
    account.store.parameters.put(MASTER_PATH, 'in-the-open', { Type: 'String' });
    const error = await account.refusal(forward());
    expect(error.code).toBe('SECRET_LOST');
    expect(error.message).toContain(`${FERNET_PATH} existed and is gone`);
    expect(error.message).toContain(`${CLERK_PATH} is missing or empty`);
    expect(error.message).toContain(`${MASTER_PATH} is a String`);
    expect(error.message).not.toContain('in-the-open');
  });

  it('leaves the message short enough for CloudFormation’s answer of 4096 bytes, the framework’s stack trace included', async () => {
    lose(...GENERATED);
    expect(Buffer.byteLength(JSON.stringify((await account.refusal(forward())).message))).toBeLessThan(2_500);
  });

  it('is refused again each time', async () => {
    lose(FERNET_PATH);
    for (let time = 1; time <= 3; time += 1) {
      expect((await account.refusal(forward())).code).toBe('SECRET_LOST');
      await account.send(back());
    }
    expect(account.store.parameters.paths()).not.toContain(FERNET_PATH);
  });

  it('is taken up again once a value is stored by hand', async () => {
    lose(FERNET_PATH);
    await account.refusal(forward());
    account.store.parameters.put(FERNET_PATH, 'the-old-value');
    await account.send(forward());
    expect(account.store.parameters.value(FERNET_PATH)).toBe('the-old-value');
    expect(account.store.parameters.key(FERNET_PATH)?.Arn).toBe(keyArn);
  });

  it('does not keep the rollback of its refusal from succeeding, which writes no value and says in the log what is lost', async () => {
    lose(FERNET_PATH);
    const before = account.values();
    await account.refusal(forward());
    expect(await account.send(back())).toEqual({ PhysicalResourceId: id });
    expect(account.values()).toEqual(before);
    expect(account.actions()).toMatchObject({ 'fernet/keys': 'lost', 'database/master-password': 'kept' });
  });

  it('does not keep it from succeeding either where an operator’s secret is gone as well', async () => {
    lose(FERNET_PATH, CLERK_PATH);
    await account.refusal(forward());
    await account.send(back());
    expect(account.actions()).toMatchObject({ 'fernet/keys': 'lost', 'clerk/secret-key': 'lost' });
  });

  it('does not keep an update from being taken back that failed half way', async () => {
    const next = { KeyArn: account.store.keys.add().Arn };
    account.store.intercept = ({ operation, input }) => (operation === 'PutParameter' && input['Name'] === MASTER_PATH ? 'ValidationException' : undefined);
    await account.refusal(update(next));
    account.store.intercept = () => undefined;
    lose(FERNET_PATH);
    await account.send(update({}, next));
    expect(account.actions()).toMatchObject({ 'fernet/keys': 'lost', 'database/master-password': 'kept' });
  });

  it('is refused whichever order CloudFormation gives the properties in', async () => {
    lose(FERNET_PATH);
    const event = forward();
    const OldResourceProperties = Object.fromEntries(Object.entries(secureParameters(keyArn)).toReversed());
    expect((await account.refusal({ ...event, OldResourceProperties })).code).toBe('SECRET_LOST');
  });

  it('is left and reported where no hold of the resource is left to tell forward from back, and refused the next time', async () => {
    lose(...GENERATED, CLERK_PATH);
    expect((await account.refusal(forward())).code).toBe('SECRET_MISSING');
    account.store.parameters.put(CLERK_PATH, CLERK_KEY);
    await account.send(forward());
    expect(account.store.parameters.paths()).toEqual([CLERK_PATH]);
    expect(account.actions()).toMatchObject({ 'fernet/keys': 'lost', 'clerk/secret-key': 're-encrypted' });
    expect((await account.refusal(update({}, danger))).code).toBe('SECRET_LOST');
  });

  it('is not made anew when it goes away after the update has looked for it', async () => {
    account.store.intercept = ({ operation, input }) => {
      if (operation === 'GetParameterHistory' && input['Name'] === MASTER_PATH) lose(MASTER_PATH);
      return undefined;
    };
    expect((await account.refusal(forward())).code).toBe('SECRET_LOST');
    expect(account.store.parameters.paths()).not.toContain(MASTER_PATH);
  });

  it.each([
    ['of an older release that called a format otherwise', { Parameters: PARAMETERS.map((parameter) => ({ ...parameter, Format: 'older' })) }],
    ['of which nothing can be read', { Parameters: 'unreadable' }],
  ])('is not made anew after properties %s', async (_, before) => {
    lose(FERNET_PATH);
    await account.send(update({}, before));
    expect(account.actions()).toMatchObject({ 'fernet/keys': 'lost' });
    expect(account.store.parameters.paths()).not.toContain(FERNET_PATH);
  });

  it('is made by a creation, which cannot know of it', async () => {
    lose(FERNET_PATH);
    await account.send(request('Create', { ...SECURE_PARAMETERS, stack: 'halton-hosted-data/2' }, secureParameters(keyArn)));
    expect(account.actions()).toMatchObject({ 'fernet/keys': 'created' });
  });

  it('is none where the value is derived: the database URL is made again', async () => {
    const { PhysicalResourceId } = await account.send(request('Create', DATABASE_URL, databaseUrl(keyArn)));
    const before = account.store.parameters.value('/halton/hosted/database/url');
    lose('/halton/hosted/database/url');
    await account.send(request('Update', DATABASE_URL, databaseUrl(keyArn, danger), { PhysicalResourceId, OldResourceProperties: databaseUrl(keyArn) }));
    expect(account.store.parameters.value('/halton/hosted/database/url')).toBe(before);
  });
});

describe('the new value that a shell makes', () => {
  const made = (shell: string) => execFileSync('sh', ['-c', `${shell}; printf %s "$v"`]).toString();

  it.each([
    ['fernet-keys', /^[A-Za-z0-9_-]{43}=$/],
    ['webhook-secret', /^whsec_[A-Za-z0-9+/]{43}=$/],
    ['password', /^[0-9a-f]{64}$/],
  ] as const)('is one of the format %s', (format, pattern) => {
    expect(made(losses[format].shell)).toMatch(pattern);
  });
});
