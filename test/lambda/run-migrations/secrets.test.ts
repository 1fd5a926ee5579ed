import fc from 'fast-check';
import { scrub } from '../../../lambda/run-migrations/scrub.ts';
import { Account, refusal, request, shown } from '../../support/run-migrations.ts';
import { fated } from '../../support/parameter-store.ts';

const PASSWORD = 'p@ss w:rd/hunter2';
const URL_TEXT = `postgresql://halton_migrator:${PASSWORD}@db.example.eu-west-2.rds.amazonaws.com:5432/halton`;

describe('what others wrote, in an error', () => {
  it('keeps no password of a URL, however it is written', () => {
    fc.assert(
      fc.property(fc.constantFrom('postgresql', 'https', 'redis'), fc.string({ minLength: 6 }).map((text) => `S${text}S`), (scheme, password) => {
        expect(scrub(`could not connect to ${scheme}://user:${password}@host:5432/db: refused`)).not.toContain(password);
      }),
    );
  });

  it.each([
    ['a URL that was cut off in its password', 'cannot connect to https://user:hunter2hunter2'],
    ['a database URL that was cut off in its login', 'cannot connect to postgresql://hunter2'],
    ['an assignment', 'PGPASSWORD=hunter2 psql'],
    ['a property', '{"masterPassword": "hunter2 and more"}'],
    ['a property that was cut off', "apiKey: 'hunter2 and"],
    ['a generated password', `role: ${'0123456789abcdef'.repeat(4)}`],
    ['a webhook signing secret', 'whsec_hunter2hunter2hunter2'],
    ['a Clerk key', 'sk_live_hunter2hunter2'],
    ['a Fernet key', `key ${'hunter2'.repeat(6)}a=`],
  ])('keeps nothing of %s', (_, text) => {
    expect(scrub(text)).not.toMatch(/hunter2|0123456789abcdef/);
    expect(scrub(text)).toContain('[hidden]');
  });

  it.each([
    'password authentication failed for user "halton_migrator"',
    'connect ECONNREFUSED 10.0.3.7:5432',
    'Head "https://123456789012.dkr.ecr.eu-west-2.amazonaws.com:443/v2/halton/api": dial tcp: i/o timeout',
    `image not found: halton/api@sha256:${'0123456789abcdef'.repeat(4)}`,
    'arn:aws:ecs:eu-west-2:123456789012:task/halton-hosted/0123456789abcdef0123456789abcdef',
  ])('leaves alone what helps: %s', (text) => expect(scrub(text)).toBe(text));

  it('is one short line, without the full stop of its sentence', () => {
    expect(scrub('It failed.')).toBe('It failed');
    expect(scrub('first\n\u001b[31msecond\r\n\tthird\u0000')).toBe('first [31msecond third');
    expect(scrub('x'.repeat(100_000)).length).toBeLessThan(500);
  });
});

describe('the errors of a migration', () => {
  let account: Account;

  beforeEach(async () => {
    account = await Account.open();
  });
  afterEach(() => account.close());

  const keepsQuiet = async (outcome: Promise<unknown>) => {
    const error = await refusal(outcome);
    expect(shown(error) + JSON.stringify(account.logged)).not.toMatch(/hunter2|p@ss/);
    expect(error.message).toContain('[hidden]');
  };

  it('show no password from the log', async () => {
    account.fargate.course = { exitCode: 1, lines: [JSON.stringify({ outcome: 'failed', code: 'connection-failed', reason: `cannot reach ${URL_TEXT}` })] };
    await keepsQuiet(account.deploy(request('Update')));
  });

  it('show no password from a reason of ECS', async () => {
    account.fargate.course = { stuck: `CannotStartContainerError: ${URL_TEXT}` };
    await keepsQuiet(account.deploy(request('Update')));
  });

  it('show no password from the reason why nothing was started', async () => {
    account.fargate.shortages.push(URL_TEXT);
    await keepsQuiet(account.start(request('Update')));
  });

  it.each(['RunTask', 'ListTasks', 'DescribeTasks'])('show no password from a message of %s', async (operation) => {
    account.endpoint.intercept = fated(operation, `ClientException: ${URL_TEXT}`);
    await keepsQuiet(account.deploy(request('Update')));
  });

  it('show of an unforeseen error its name alone', async () => {
    const event = new Proxy({}, { get: () => { throw new TypeError('hunter2'); } });
    const error = await refusal(account.start(event));
    expect(error.code).toBe('INTERNAL');
    expect(shown(error)).not.toContain('hunter2');
  });

  it('fit into an answer to CloudFormation, with what the framework adds', async () => {
    account.fargate.course = { exitCode: 1, reason: 'y'.repeat(5_000), lines: [JSON.stringify({ outcome: 'failed', code: 'x'.repeat(64), reason: 'z'.repeat(50_000) })] };
    const error = await refusal(account.deploy(request('Update')));
    expect(Buffer.byteLength(String(error.stack))).toBeLessThan(3_000);
  });
});
