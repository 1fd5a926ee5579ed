import { fated } from '../../support/parameter-store.ts';
import { Account, CLERK_KEY, CLERK_PATH, DATABASE_URL, databaseUrl, PARAMETERS, request, SECURE_PARAMETERS, secureParameters } from '../../support/secure-parameters.ts';

const FERNET_PATH = '/halton/hosted/fernet/keys';

describe('secure parameters when calls fail', () => {
  let account: Account;
  let keyArn: string;

  beforeEach(async () => {
    account = await Account.open();
    keyArn = account.store.keys.add().Arn;
    account.store.parameters.put(CLERK_PATH, CLERK_KEY);
  });
  afterEach(() => account.close());

  const create = () => request('Create', SECURE_PARAMETERS, secureParameters(keyArn));
  const puts = (path: string) => account.store.calls.filter(({ operation, input }) => operation === 'PutParameter' && input['Name'] === path).length;

  it('waits while a new policy is not known everywhere', async () => {
    account.store.intercept = fated('DescribeKey', 'AccessDeniedException', { times: 3 });
    await account.send(create());
    expect(account.pauses).toEqual([2_000, 4_000, 8_000]);
  });

  it('waits half a minute in all, over every call of a request, and then says what was denied', async () => {
    account.store.intercept = ({ operation }) => (operation === 'PutParameter' || account.store.calls.length < 4 ? 'AccessDeniedException' : undefined);
    const error = await account.refusal(create());
    expect(error.code).toBe('AWS_CALL_FAILED');
    expect(error.message).toContain(`PutParameter ${FERNET_PATH}: AccessDeniedException. The function's role or the key's policy does not allow it`);
    expect(account.pauses).toEqual([2_000, 4_000, 8_000, 8_000, 8_000]);
  });

  it('waits for another write of the same parameter to end', async () => {
    account.store.intercept = fated('PutParameter', 'TooManyUpdates', { times: 1 });
    await account.send(create());
    expect(account.pauses).toEqual([2_000]);
  });

  it('outlasts throttling', async () => {
    account.store.intercept = fated('PutParameter', 'ThrottlingException', { times: 1, skip: 1 });
    await account.send(create());
    expect(account.store.parameters.paths()).toHaveLength(PARAMETERS.length);
  });

  it('outlasts a call that is never answered', async () => {
    account.store.intercept = fated('GetParameterHistory', 'hang', { times: 1 });
    await account.send(create());
    expect(account.store.parameters.paths()).toHaveLength(PARAMETERS.length);
  });

  it('finds the value that it wrote itself when the answer was lost', async () => {
    account.store.intercept = fated('PutParameter', 'lose-answer', { times: 1 });
    await account.send(create());
    expect(puts(FERNET_PATH)).toBe(2);
    expect(account.store.parameters.version(FERNET_PATH)).toBe(1);
    expect(account.actions()).toMatchObject({ 'fernet/keys': 'kept' });
  });

  it('changes no value when the answer to a re-encryption was lost', async () => {
    account.store.intercept = ({ operation, input }) => (operation === 'PutParameter' && input['Name'] === CLERK_PATH && puts(CLERK_PATH) === 1 ? 'lose-answer' : undefined);
    await account.send(create());
    expect(account.store.parameters.value(CLERK_PATH)).toBe(CLERK_KEY);
    expect(account.actions()).toMatchObject({ 'clerk/secret-key': 're-encrypted' });
  });

  it('gives up in time, and comes to the same end when the request is repeated', async () => {
    const event = create();
    account.store.intercept = fated('PutParameter', 'hang', { skip: 2 });
    const error = await account.refusal(event, 300);
    expect(error.code).toBe('OUT_OF_TIME');
    const made = account.values();
    expect(Object.keys(made)).toHaveLength(3);

    account.store.intercept = () => undefined;
    const answer = await account.send(event);
    expect(account.values()).toMatchObject(made);
    expect(account.actions()).toEqual({
      'fernet/keys': 'kept', 'webhooks/signing-secret': 'kept', 'database/master-password': 'created', 'database/api-a-password': 'created', 'clerk/secret-key': 're-encrypted',
    });
    expect((await account.send(event)).PhysicalResourceId).toBe(answer.PhysicalResourceId);
  });

  it('agrees on one value when two creations meet', async () => {
    const event = create();
    let waiting: (() => void) | undefined;
    account.store.intercept = ({ operation, input }) => {
      if (operation !== 'PutParameter' || input['Name'] !== FERNET_PATH) return undefined;
      if (puts(FERNET_PATH) === 1) return new Promise((resolve) => (waiting = () => resolve(undefined)));
      waiting?.();
      return undefined;
    };
    const [one, other] = await Promise.all([account.send(event), account.send(event)]);
    expect(one).toEqual(other);
    expect(puts(FERNET_PATH)).toBe(2);
    expect(account.store.parameters.version(FERNET_PATH)).toBe(1);
    for (const { Name } of PARAMETERS) expect(account.store.parameters.key(`/halton/hosted/${Name}`)?.Arn).toBe(keyArn);
    expect(account.store.parameters.value(CLERK_PATH)).toBe(CLERK_KEY);
  });

  it('lets stand what an operator stores between its reading and its writing', async () => {
    account.store.intercept = ({ operation, input }) => {
      if (operation === 'PutParameter' && input['Name'] === CLERK_PATH && puts(CLERK_PATH) === 1) account.store.parameters.put(CLERK_PATH, 'sk_test_thenewerone0123456789');
      return undefined;
    };
    await account.send(create());
    expect(account.store.parameters.value(CLERK_PATH)).toBe('sk_test_thenewerone0123456789');
    expect(account.store.parameters.key(CLERK_PATH)?.Arn).toBe(keyArn);
  });

  it('says so when somebody does not stop writing', async () => {
    let writes = 0;
    account.store.intercept = ({ operation, input }) => {
      writes += 1;
      if (operation === 'PutParameter' && input['Name'] === CLERK_PATH) account.store.parameters.put(CLERK_PATH, `sk_test_${writes}`);
      return undefined;
    };
    expect((await account.refusal(create())).code).toBe('PARAMETER_CONTESTED');
  });

  it('says so when a parameter is there for the writer and not for the reader', async () => {
    account.store.intercept = ({ operation, input }) => {
      if (input['Name'] !== FERNET_PATH) return undefined;
      if (operation === 'GetParameterHistory') return 'ParameterNotFound';
      return operation === 'PutParameter' ? 'ParameterAlreadyExists' : undefined;
    };
    expect((await account.refusal(create())).code).toBe('PARAMETER_CONTESTED');
    expect(account.pauses).toEqual([1_000, 1_000, 1_000]);
  });

  it('leaves a parameter that turns into plaintext in the middle alone', async () => {
    account.store.intercept = ({ operation, input }) => {
      if (operation === 'GetParameterHistory' && input['Name'] === FERNET_PATH) account.store.parameters.put(FERNET_PATH, 'in-the-open', { Type: 'String' });
      return undefined;
    };
    expect((await account.refusal(create())).code).toBe('PARAMETER_NOT_SECURE');
    expect(account.store.parameters.value(FERNET_PATH)).toBe('in-the-open');
  });

  it.each(['GetParameters', 'GetParameterHistory', 'PutParameter', 'GetParameter', 'ListTagsForResource', 'AddTagsToResource'])(
    'shows no value when AWS repeats what was sent in the error of %s',
    async (operation) => {
      account.store.intercept = fated(operation, 'ValidationException');
      const error = await account.refusal(create());
      expect(error.code).toBe('AWS_CALL_FAILED');
      expect(error.message).toMatch(/^AWS_CALL_FAILED: \w+ \/halton\/hosted\/[^:]*: ValidationException\. What was written before stays/);
      const sent = account.store.calls.flatMap(({ input }) => (typeof input['Value'] === 'string' ? [input['Value']] : []));
      for (const value of [...sent, CLERK_KEY]) expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain(value);
    },
  );

  it('says of an unforeseen error its name alone', async () => {
    account.store.parameters.put('/halton/hosted/database/api-a-password', 'broken-\ud800-surrogate', { KeyId: keyArn });
    const error = await account.refusal(request('Create', DATABASE_URL, databaseUrl(keyArn)));
    expect(error.code).toBe('INTERNAL');
    expect(error.message).toContain('the function failed with URIError');
  });
});
