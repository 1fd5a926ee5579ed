import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDeployment, parseDeployment } from '../../../lib/deployment/load.ts';
import { fileWith, least, publicKey, refusal } from './refused.ts';

describe('a deployment file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deployments-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  test('of the hosted deployment is read', () => {
    const deployment = loadDeployment('deployments/hosted.yaml');
    expect(deployment).toMatchObject({ name: 'hosted', kind: 'hosted', region: 'eu-west-2' });
    expect(deployment.network.availabilityZones).toEqual(['eu-west-2a', 'eu-west-2b', 'eu-west-2c']);
    expect(deployment.database.backupRetentionDays).toBe(7);
    expect(Object.values(deployment.danger)).toEqual([false, false, false]);
  });

  test('that says the least gets every default', () => {
    expect(parseDeployment(fileWith({}), 'acme.yaml')).toEqual({
      ...least,
      network: { ...least.network, internet: 'nat' },
      service: { ...least.service, loadBalancer: 'internet-facing', cpu: 512, memoryMib: 1024, minTasks: 2, maxTasks: 10 },
      identity: { ...least.identity, jwksUrl: 'https://api.clerk.com/v1/jwks' },
      database: {
        instanceClass: 'db.m7g.large',
        allocatedStorageGib: 100,
        maxAllocatedStorageGib: 500,
        backupRetentionDays: 7,
        backupWindow: '02:00-03:00',
        maintenanceWindow: 'sun:03:30-sun:04:30',
        readReplica: false,
      },
      danger: { disableDeletionProtection: false, deleteDatabaseOnDestroy: false, deleteSecretsOnDestroy: false },
    });
  });

  test('that pins the key of tokens gets no address to fetch keys from', () => {
    const pinned = { ...least.identity, publicKey: publicKey() };
    expect(parseDeployment(fileWith({ identity: pinned }), 'acme.yaml').identity).toEqual(pinned);
  });

  test('of the enterprise example is read', () => {
    const { kind, network, service, identity } = loadDeployment('deployments/enterprise.yaml');
    expect({ kind, internet: network.internet, loadBalancer: service.loadBalancer }).toEqual({ kind: 'enterprise', internet: 'none', loadBalancer: 'internal' });
    expect(network.existing?.endpoints).toBe(true);
    expect(identity).not.toHaveProperty('jwksUrl');
  });

  test('has the name of its deployment', () => {
    expect(loadDeployment(write('acme.yaml', fileWith({}))).name).toBe('acme');
  });

  test('with another name than its deployment is refused', () => {
    const error = refusal(() => loadDeployment(write('bcme.yaml', fileWith({}))));
    expect(error.code).toBe('DEPLOYMENT_INVALID');
    expect(error.problems).toEqual([
      { field: 'name', line: 1, got: 'acme', expected: 'bcme, the name of the file', mend: 'write bcme, or rename the file to acme.yaml' },
    ]);
  });

  test('that is missing is refused, and the files that are there are named', () => {
    write('acme.yaml', fileWith({}));
    write('README.md', '');
    const error = refusal(() => loadDeployment(join(folder, 'acne.yaml')));
    expect(error.code).toBe('DEPLOYMENT_INVALID');
    expect(error.problems).toEqual([
      {
        field: '(file)',
        got: 'no such file',
        expected: 'a deployment file',
        mend: `name one of those that are there (${join(folder, 'acme.yaml')}), or write this one`,
      },
    ]);
  });

  test('that is missing from a folder without any is refused', () => {
    const nowhere = join(folder, 'nowhere');
    expect(refusal(() => loadDeployment(join(nowhere, 'acme.yaml'))).problems).toMatchObject([
      { got: 'no such file', mend: `put one into ${nowhere}, which has none` },
    ]);
  });

  test('that cannot be read is refused with the reason', () => {
    expect(refusal(() => loadDeployment(folder)).problems).toMatchObject([{ field: '(file)', got: 'something unreadable (EISDIR)' }]);
  });

  test('is refused with all of its problems at once, in the order of its lines', () => {
    const text = [
      'name: acme', //
      'kind: hosted',
      'region: us-east-1',
      'network:',
      '  cidr: 10.40.0.1/16',
      '  availabilityZones:',
      '    - us-east-1a',
      '    - eu-west-2b',
      'service: {domainName: api.haltonmeter.com}',
      'identity: {authorizedParty: https://app.haltonmeter.com}',
      'database:',
      '  backupRetentionDays: 8',
      '  backupWindow: 02:00-04:00',
      '  replica: true',
      'danger:',
      '  deleteDatabaseOnDestroy: true',
    ].join('\n');
    const { problems } = refusal(() => parseDeployment(text, 'acme.yaml'));
    expect(problems.map(({ line, field }) => [line, field])).toEqual([
      [3, 'region'],
      [5, 'network.cidr'],
      [8, 'network.availabilityZones[1]'],
      [11, 'database.maintenanceWindow'],
      [12, 'database.backupRetentionDays'],
      [14, 'database.replica'],
      [16, 'danger.deleteDatabaseOnDestroy'],
    ]);
  });

  test('is refused with one sentence a problem, which says place, field, got, expected and mend', () => {
    const text = fileWith({ database: { backupRetentionDays: 8 } });
    const lines = refusal(() => parseDeployment(text, 'deployments/acme.yaml')).message.split('\n');
    expect(lines).toEqual([
      'The deployment file deployments/acme.yaml is refused (1 problem):',
      '  deployments/acme.yaml:14: database.backupRetentionDays: got 8, expected exactly 7, since backups are promised to be kept for exactly 7 days (HM-BAK-1); write 7.',
    ]);
  });
});
