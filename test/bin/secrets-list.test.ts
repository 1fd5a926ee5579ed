import { secrets } from '../../lib/secrets/table.ts';
import type { Intercept } from '../support/parameter-store.ts';
import { CREDENTIALS, KEY_PATH, KEY_VALUE, SecretsCommand, WEBHOOK_PATH, WEBHOOK_VALUE } from '../support/secrets-command.ts';

const rowOf = (out: string, name: string) => out.split('\n').find((line) => line.startsWith(`${name} `)) ?? '';
const deniedOnceItNames = (path: string): Intercept => ({ input }) => ((input['Names'] as string[]).includes(path) ? 'AccessDeniedException' : undefined);

describe('npm run secrets -- list', () => {
  let command: SecretsCommand;

  beforeEach(async () => {
    command = await SecretsCommand.prepare();
    for (const { name } of secrets) command.store.parameters.put(`/halton/hosted/${name}`, 'a-present-value');
  });
  afterEach(() => command.close());

  const missing = (path: string) => command.store.parameters.run('DeleteParameter', { Name: path });

  it('shows every secret of the table, and no value', async () => {
    const { code, out, err } = await command.run(['list']);
    expect(err).toBe('');
    expect(code).toBe(0);
    for (const { name, source, purpose, readers, rotation } of secrets) {
      const row = rowOf(out, name);
      for (const text of [source, purpose, readers.join(', '), rotation, '2023-11-14 22:13']) expect(row).toContain(text);
      expect(row).toMatch(/ yes /);
    }
    expect(out).not.toContain('a-present-value');
  });

  it('aligns its columns and decrypts nothing', async () => {
    const { out } = await command.run(['list']);
    const batches = Math.ceil(secrets.length / 10); // GetParameters takes ten names
    expect(command.store.calls.map(({ operation, input }) => [operation, input['WithDecryption']])).toEqual(Array.from({ length: batches }, () => ['GetParameters', false]));
    const lines = out.split('\n').filter((line) => /^(NAME|\w+\/)/.test(line));
    const column = lines[0]?.indexOf('PRESENT') ?? 0;
    expect(lines).toHaveLength(secrets.length + 1);
    for (const line of lines) expect(line.slice(column - 2, column + 1)).toMatch(/^ {2}\S$/);
  });

  it('exits 1 with the command while an operator’s secret is missing', async () => {
    missing(WEBHOOK_PATH);
    const { code, out } = await command.run(['list']);
    expect(code).toBe(1);
    expect(out).toContain('Missing: npm run secrets -- set clerk/webhook-signing-secret -c deployment=hosted');
  });

  it('exits 0 while only what the deployment makes is missing', async () => {
    for (const path of command.store.parameters.paths()) missing(path);
    command.store.parameters.put(KEY_PATH, KEY_VALUE);
    command.store.parameters.put(WEBHOOK_PATH, WEBHOOK_VALUE);
    const { code, out } = await command.run(['list']);
    expect(code).toBe(0);
    expect(rowOf(out, 'fernet/keys')).toMatch(/generated\s+no /);
  });

  it('exits 1 on a secret in plaintext', async () => {
    missing('/halton/hosted/database/url');
    command.store.parameters.put('/halton/hosted/database/url', 'in-the-open', { Type: 'String' });
    const { code, out } = await command.run(['list']);
    expect(code).toBe(1);
    expect(rowOf(out, 'database/url')).toContain('in plaintext (String)');
    expect(out).not.toContain('in-the-open');
  });

  it('says unknown, and not absent, of what it may not read', async () => {
    command.store.intercept = deniedOnceItNames(KEY_PATH);
    const { code, out } = await command.run(['list']);
    expect(code).toBe(2);
    expect(rowOf(out, 'clerk/secret-key')).toContain('unknown: AccessDeniedException');
    expect(rowOf(out, 'fernet/keys')).toMatch(/ yes /);
  });

  it('tells a machine the same', async () => {
    missing(WEBHOOK_PATH);
    command.store.intercept = deniedOnceItNames('/halton/hosted/fernet/keys');
    const { code, out } = await command.run(['list', '--json']);
    const { deployment, region, secrets: rows } = JSON.parse(out);
    expect([code, deployment, region, rows.length]).toEqual([2, 'hosted', 'eu-west-2', secrets.length]);
    const row = (name: string) => rows.find((candidate: { name: string }) => candidate.name === name);
    expect(row('clerk/secret-key')).toMatchObject({ path: KEY_PATH, source: 'operator', present: true, type: 'SecureString', modified: '2023-11-14T22:13:20.000Z' });
    expect(row('clerk/webhook-signing-secret')).toMatchObject({ present: false });
    expect(row('fernet/keys')).toMatchObject({ present: null, unknown: 'AccessDeniedException' });
    expect(out).not.toContain('a-present-value');
  });

  it('says what to do without credentials, and exits 2', async () => {
    const { code, err } = await command.run(['list'], { env: {} });
    expect(code).toBe(2);
    expect(err).toContain('No AWS credentials were found. Log in (`aws sso login');
  });

  it('explains credentials that AWS does not accept, and exits 2', async () => {
    command.store.intercept = () => 'ExpiredTokenException';
    const { code, err } = await command.run(['list']);
    expect(code).toBe(2);
    expect(err).toContain('AWS does not accept the credentials.');
  });

  it('exits 2 when nothing listens', async () => {
    const { code, err } = await command.run(['list'], { env: { ...CREDENTIALS, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } });
    expect(code).toBe(2);
    expect(err).toContain('Systems Manager could not be reached.');
  });

  it('exits 2 for a deployment that no file describes', async () => {
    const { code, err } = await command.run(['list', '-c', 'deployment=nowhere']);
    expect(code).toBe(2);
    expect(err).toContain('nowhere.yaml');
  });

  it.each([[[]], [['rotate']], [['list', '-c', 'stage=x']]])('exits 2 for arguments that it does not know: %j', async (args) => {
    expect((await command.run(args)).code).toBe(2);
    expect(command.store.calls).toEqual([]);
  });

  it('explains itself', async () => {
    const { code, out } = await command.run(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('Usage: npm run secrets -- list');
  });
});
