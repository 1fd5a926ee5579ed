import { fated } from '../support/parameter-store.ts';
import { KEY_PATH, KEY_VALUE, SecretsCommand, WEBHOOK_VALUE } from '../support/secrets-command.ts';

describe('npm run secrets -- set', () => {
  let command: SecretsCommand;

  beforeEach(async () => {
    command = await SecretsCommand.prepare();
  });
  afterEach(() => command.close());

  it('stores a new secret as a SecureString under the account’s own key', async () => {
    const { code, out, err } = await command.run(['set', 'clerk/secret-key'], { input: KEY_VALUE });
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toBe(`Stored ${KEY_PATH} in eu-west-2, version 1, under alias/aws/ssm.\nThe next deployment puts it under the deployment's own key.\n`);
    expect(command.store.parameters.value(KEY_PATH)).toBe(KEY_VALUE);
    expect(command.store.parameters.key(KEY_PATH)?.KeyManager).toBe('AWS');
  });

  it('stores the next version under the key and in the tier of the last', async () => {
    const key = command.store.keys.add();
    command.store.parameters.put(KEY_PATH, 'sk_test_theonebefore', { KeyId: key.Arn, Tier: 'Advanced' });
    const { code, out } = await command.run(['set', 'clerk/secret-key'], { input: KEY_VALUE });
    expect(code).toBe(0);
    expect(out).toBe(`Stored ${KEY_PATH} in eu-west-2, version 2, under ${key.Arn}.\n`);
    expect(command.store.parameters.value(KEY_PATH)).toBe(KEY_VALUE);
    expect(command.store.parameters.key(KEY_PATH)?.Arn).toBe(key.Arn);
    expect(command.store.parameters.tier(KEY_PATH)).toBe('Advanced');
  });

  it('strips the line break from the end of what is piped in', async () => {
    expect((await command.run(['set', 'clerk/secret-key'], { input: `${KEY_VALUE}\n` })).code).toBe(0);
    expect(command.store.parameters.value(KEY_PATH)).toBe(KEY_VALUE);
  });

  it('refuses a value of another form and never repeats it', async () => {
    const { code, out, err } = await command.run(['set', 'clerk/secret-key'], { input: WEBHOOK_VALUE });
    expect(code).toBe(1);
    expect(err).toMatch(/^VALUE_MALFORMED: Got a value of \d+ characters for clerk\/secret-key that is not of its form, expected sk_live_ or sk_test_/);
    expect(out + err).not.toContain(WEBHOOK_VALUE);
    expect(command.store.calls).toEqual([]);
  });

  it('refuses an empty value', async () => {
    const { code, err } = await command.run(['set', 'clerk/secret-key']);
    expect(code).toBe(1);
    expect(err).toMatch(/^VALUE_EMPTY: /);
    expect(command.store.calls).toEqual([]);
  });

  it('refuses a name that is not in the table, and offers the nearest', async () => {
    const { code, err } = await command.run(['set', 'clerk/secret-kay'], { input: KEY_VALUE });
    expect(code).toBe(1);
    expect(err).toBe('NAME_UNKNOWN: Got the name clerk/secret-kay, expected clerk/secret-key or clerk/webhook-signing-secret; did you mean clerk/secret-key?\n');
  });

  it('refuses a name that the deployment supplies itself', async () => {
    const { code, err } = await command.run(['set', 'fernet/keys'], { input: 'x' });
    expect(code).toBe(1);
    expect(err).toMatch(/^NOT_OPERATOR_SUPPLIED: Got the name fernet\/keys, which the deployment makes itself \(generated\)/);
  });

  it.each([
    ['in the name’s place', 1, ['set', KEY_VALUE]],
    ['after the name', 2, ['set', 'clerk/secret-key', KEY_VALUE]],
    ['as an option', 2, ['set', 'clerk/secret-key', `--${KEY_VALUE}`]],
  ])('does not repeat a value that was typed %s, and exits %i', async (_, expected, args) => {
    const { code, out, err } = await command.run(args);
    expect(code).toBe(expected);
    expect(out + err).not.toContain(KEY_VALUE);
    expect(command.store.calls).toEqual([]);
  });

  it('refuses to write over a plaintext parameter', async () => {
    command.store.parameters.put(KEY_PATH, 'in-the-open', { Type: 'String' });
    const { code, err } = await command.run(['set', 'clerk/secret-key'], { input: KEY_VALUE });
    expect(code).toBe(1);
    expect(err).toContain(`PARAMETER_NOT_SECURE: ${KEY_PATH} is a String, expected a SecureString`);
    expect(command.store.parameters.value(KEY_PATH)).toBe('in-the-open');
  });

  it('does not show the value that AWS repeats in an error', async () => {
    command.store.intercept = fated('PutParameter', 'ValidationException');
    const { code, out, err } = await command.run(['set', 'clerk/secret-key'], { input: KEY_VALUE });
    expect(code).toBe(2);
    expect(err).toContain('AWS could not be asked in eu-west-2 (ValidationException).');
    expect(out + err).not.toContain(KEY_VALUE);
  });

  it('does not write over what somebody else stored in the same moment', async () => {
    command.store.intercept = ({ operation }) => {
      if (operation === 'PutParameter') command.store.parameters.put(KEY_PATH, 'sk_test_theothers');
      return undefined;
    };
    const { code, err } = await command.run(['set', 'clerk/secret-key'], { input: KEY_VALUE });
    expect(code).toBe(2);
    expect(err).toContain('Somebody else stored it at the same moment.');
    expect(command.store.parameters.value(KEY_PATH)).toBe('sk_test_theothers');
  });
});
