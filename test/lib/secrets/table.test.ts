import { MIGRATE_SECRETS, SERVER_SECRETS } from '../../../api/src/secrets.ts';
import { generators } from '../../../lambda/secure-parameters/formats.ts';
import { loadDeployment } from '../../../lib/deployment/load.ts';
import { secretPath, secrets } from '../../../lib/secrets/table.ts';

const operators = secrets.filter((secret) => secret.source === 'operator');
const pattern = (name: string) => operators.find((secret) => secret.name === name)?.pattern ?? /(?!)/;

describe('the table of secrets', () => {
  it('holds these and no others', () => {
    expect(secrets.map(({ name, source }) => `${name} ${source}`)).toEqual([
      'fernet/keys generated',
      'webhooks/signing-secret generated',
      'database/master-password generated',
      'database/api-a-password generated',
      'database/api-b-password generated',
      'database/migrator-password generated',
      'database/jobs-password generated',
      'database/support-password generated',
      'database/analytics-password generated',
      'database/url derived',
      'clerk/secret-key operator',
      'clerk/webhook-signing-secret operator',
    ]);
  });

  it.each(secrets.map((secret) => [secret.name, secret] as const))('says of %s in a sentence what for, who reads it and how it rotates', (_, { purpose, readers, rotation }) => {
    expect(purpose).toMatch(/^[A-Z].+\.$/);
    expect(rotation).toMatch(/^[A-Z].+\.$/);
    expect(readers.length).toBeGreaterThan(0);
  });

  it.each([
    ['api', SERVER_SECRETS],
    ['migrations', MIGRATE_SECRETS],
  ] as const)('lets the %s read what its program reads, and nothing else', (reader, names) => {
    expect(secrets.filter(({ readers }) => readers.includes(reader)).map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  });

  it('names only formats that the function can generate', () => {
    const formats = secrets.filter((secret) => secret.source === 'generated').map(({ format }) => format);
    expect(Object.keys(generators)).toEqual(expect.arrayContaining(formats));
  });

  it('lies below the deployment’s path', () => {
    const hosted = loadDeployment('deployments/hosted.yaml');
    for (const secret of secrets) expect(secretPath(hosted, secret)).toBe(`/halton/hosted/${secret.name}`);
  });

  it.each([
    ['clerk/secret-key', 'sk_live_abcdefghijklmnopqrstuvwxyz', true],
    ['clerk/secret-key', 'sk_test_abcdefghijklmnopqrstuvwxyz', true],
    ['clerk/secret-key', 'pk_test_abcdefghijklmnopqrstuvwxyz', false],
    ['clerk/secret-key', 'sk_test_short', false],
    ['clerk/secret-key', 'sk_test_abcdefghijklmnopqrstuvwxyz\n', false],
    ['clerk/secret-key', 'x sk_test_abcdefghijklmnopqrstuvwxyz', false],
    ['clerk/webhook-signing-secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', true],
    ['clerk/webhook-signing-secret', 'whsec_', false],
    ['clerk/webhook-signing-secret', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', false],
  ])('takes for %s the value %j: %p', (name, value, accepted) => {
    expect(pattern(name).test(value)).toBe(accepted);
  });
});
