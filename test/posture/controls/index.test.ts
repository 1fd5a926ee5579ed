import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { controls } from '../../../posture/controls/index.ts';
import { judge } from '../../../posture/judge.ts';
import { factsOf } from '../../support/assembly.ts';
import { synthesized } from '../../support/fixtures-cdk.ts';
import { add, complaints, copy, ELSEWHERE, elsewhere, healthy, set, unset } from '../../support/fixtures.ts';

const areas = ['network', 'service', 'database', 'secrets', 'audit'];

describe('the controls', () => {
  test('are these, in this order, each proving these claims', () => {
    expect(controls.map(({ id, claims }) => `${id}: ${claims.join(', ')}`)).toEqual([
      'single-region: HM-REG-1',
      'deploys-into-any-account: HM-REG-5',
      'listener-takes-tls-1-3-only: HM-TLS-1',
      'listener-sends-hsts: HM-TLS-2',
      'plain-http-is-redirected: HM-TLS-3',
      'tasks-stay-private: HM-TLS-3, HM-SSM-3',
      'database-subnets-isolated: HM-NET-1',
      'database-ingress-from-tasks-only: HM-NET-3',
      'database-not-public: HM-NET-2',
      'database-requires-tls: HM-TLS-4',
      'database-encrypted: HM-KMS-1',
      'backup-retention: HM-BAK-1',
      'no-copy-outlives-window: HM-BAK-1, HM-BAK-2, HM-NET-2',
      'snapshots-in-region: HM-REG-3',
      'no-cross-region-replication: HM-REG-2',
      'replica-stays-private: HM-SUP-2',
      'secrets-are-secure-strings: HM-SSM-1',
      'tasks-read-secrets-at-boot: HM-SSM-2',
      'no-plaintext-secret: HM-SSM-3',
      'stores-expire: HM-DEL-4',
      'trail-is-validated: HM-AUD-6, HM-DEL-5',
      'log-groups-are-encrypted: HM-AUD-6',
    ]);
  });

  test('are every file of the areas, under the name that the file has', () => {
    const files = areas.flatMap((area) => readdirSync(`posture/controls/${area}`)).map((file) => basename(file, '.ts'));
    expect(controls.map(({ id }) => id).toSorted()).toEqual(files.toSorted());
  });

  test.each(controls)('$id: promises one sentence', ({ promise }) => {
    expect(promise).toMatch(/^[A-Z](?!.*\. ).*\.$/);
  });

  test.each(controls)('$id: passes on a deployment that keeps its promises', (control) => {
    expect(complaints(control, healthy())).toEqual([]);
  });

  test.each(controls)('$id: passes on the same deployment in a customer\'s own account and region', (control) => {
    expect(complaints(control, elsewhere(), ELSEWHERE)).toEqual([]);
  });

  test.each(controls)('$id: passes on a deployment of the CDK\'s own constructs', (control) => {
    expect(complaints(control, synthesized())).toEqual([]);
  });

  test.each(controls.filter(({ minimum }) => minimum > 0))('$id: does not pass where there is nothing to judge', (control) => {
    expect(complaints(control, {})).toEqual(['empty: 0 of 1']);
  });

  test('only one may have nothing to judge, and says why that is in order', () => {
    expect(controls.filter(({ minimum, whenEmpty }) => minimum === 0 || whenEmpty !== undefined).map(({ id, whenEmpty }) => [id, whenEmpty])).toEqual([
      ['replica-stays-private', 'No read replica is declared.'],
    ]);
  });

  test('together let a deployment through that keeps its promises, and one whose keys are a customer\'s for a live check to confirm', () => {
    const { counts, exitCode } = judge(controls, factsOf(healthy()), []);
    expect({ counts, exitCode }).toMatchObject({ counts: { pass: 21, 'not-applicable': 1, fail: 0, 'not-verified': 0 }, exitCode: 0 });

    const customersKey = set('Database', 'Properties.KmsKeyId', 'arn:aws:kms:eu-west-2:123456789012:key/01234567-89ab-cdef-0123-456789abcdef');
    const imported = judge(controls, factsOf(healthy(customersKey), { account: '123456789012' }), []);
    expect(imported).toMatchObject({ counts: { pass: 20, 'not-verified': 1, fail: 0 }, exitCode: 0 });
  });

  test.each([
    ['database-not-public', set('Database', 'Properties.PubliclyAccessible', true)],
    ['database-ingress-from-tasks-only', copy('DatabaseRule', 'Second', { CidrIp: '10.0.0.0/8', SourceSecurityGroupId: undefined })],
    ['backup-retention', set('Database', 'Properties.BackupRetentionPeriod', 8)],
    ['no-cross-region-replication', set('Bucket', 'Properties.ReplicationConfiguration', { Rules: [{ Status: 'Enabled' }] })],
    ['secrets-are-secure-strings', add('Plain', 'AWS::SSM::Parameter', { Type: 'String', Value: 'x' })],
    ['no-cross-region-replication', set('DatabaseKey', 'Properties.MultiRegion', true)],
    ['stores-expire', unset('DatabaseLog', 'Properties.RetentionInDays')],
    ['listener-takes-tls-1-3-only', set('Https', 'Properties.SslPolicy', 'ELBSecurityPolicy-TLS13-1-2-2021-06')],
    ['tasks-stay-private', set('Service', 'Properties.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp', 'ENABLED')],
    ['no-plaintext-secret', set('Task', 'Properties.ContainerDefinitions.0.Environment.1', { Name: 'CLERK_SECRET_KEY', Value: 'a literal' })],
    ['tasks-read-secrets-at-boot', set('Task', 'Properties.ContainerDefinitions.0.Environment.1', { Name: 'CLERK_SECRET_KEY', Value: 'a literal' })],
    ['trail-is-validated', set('Trail', 'Properties.EnableLogFileValidation', false)],
    ['log-groups-are-encrypted', unset('TaskLog', 'Properties.KmsKeyId')],
  ])('stop a deployment by %s', (id, edit) => {
    const { controls: results, exitCode } = judge(controls, factsOf(healthy(edit)), []);
    expect(results.filter(({ verdict }) => verdict === 'fail').map((result) => result.id)).toContain(id);
    expect(exitCode).toBe(1);
  });

  test.each(controls)('$id: publishes which resource it judged and nothing of what it declares', (control) => {
    for (const { resource } of control.judge(factsOf(healthy()))) {
      expect(Object.keys(resource).toSorted()).toEqual(['id', 'logicalId', 'stack', 'type']);
    }
  });
});
