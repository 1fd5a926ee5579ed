import { contradictions } from '../../../lib/deployment/contradictions.ts';
import { parseDeployment } from '../../../lib/deployment/load.ts';
import { windowsOverlap } from '../../../lib/deployment/windows.ts';
import { fileWith, problemsOf, refusal } from './refused.ts';

const cases = [
  {
    rule: 'A hosted deployment is in eu-west-2.',
    change: { kind: 'hosted', region: 'eu-west-1', network: { availabilityZones: ['eu-west-1a', 'eu-west-1b'] } },
    field: 'region',
    got: 'eu-west-1',
    expected: /^eu-west-2, .*\(HM-REG-1\)$/,
    mend: /^write eu-west-2, or kind: enterprise/,
  },
  {
    rule: 'Availability zones are zones of the region.',
    change: { network: { availabilityZones: ['eu-west-2a', 'us-east-1b'] } },
    field: 'network.availabilityZones[1]',
    got: 'us-east-1b',
    expected: /^a zone of eu-west-2/,
    mend: /such as eu-west-2b/,
  },
  {
    rule: 'maxAllocatedStorageGib is at least 110 % of allocatedStorageGib.',
    change: { database: { allocatedStorageGib: 100, maxAllocatedStorageGib: 109 } },
    field: 'database.maxAllocatedStorageGib',
    got: '109',
    expected: /^at least 110, which is 110 % of allocatedStorageGib \(100\)/,
    mend: /^raise it to 110 or more$/,
  },
  {
    rule: 'The backup window and the maintenance window do not overlap.',
    change: { database: { backupWindow: '04:00-05:00' } },
    field: 'database.maintenanceWindow',
    got: 'sun:03:30-sun:04:30 (the default)',
    expected: /apart from the daily backup window 04:00-05:00/,
    mend: /^move one of the two$/,
  },
  {
    rule: 'deleteDatabaseOnDestroy needs disableDeletionProtection.',
    change: { danger: { deleteDatabaseOnDestroy: true } },
    field: 'danger.deleteDatabaseOnDestroy',
    got: 'true',
    expected: /the destroy would fail half-way/,
    mend: /danger\.disableDeletionProtection to true/,
  },
  {
    rule: 'deleteSecretsOnDestroy needs deleteDatabaseOnDestroy.',
    change: { danger: { deleteSecretsOnDestroy: true } },
    field: 'danger.deleteSecretsOnDestroy',
    got: 'true',
    expected: /nobody could decrypt what it holds/,
    mend: /danger\.deleteDatabaseOnDestroy to true/,
  },
];

describe('values that cannot stand together are refused', () => {
  test.each(cases)('$rule', ({ change, field, got, expected, mend }) => {
    const error = refusal(() => parseDeployment(fileWith(change), 'acme.yaml'));
    expect(error.code).toBe('DEPLOYMENT_INVALID');
    expect(error.problems).toMatchObject([{ field, got, expected: expect.stringMatching(expected), mend: expect.stringMatching(mend) }]);
  });

  test('and every rule has a case', () => {
    expect(cases.map(({ rule }) => rule)).toEqual(contradictions.map(({ rule }) => rule));
  });

  test('however many other fields are refused', () => {
    const text = fileWith({
      name: 7,
      kind: 'hosted',
      region: 'eu-west-1',
      vpn: 1,
      network: { cidr: 1, x: 1, availabilityZones: ['eu-west-2a', 'x'] },
      database: { allocatedStorageGib: 600, backupWindow: '04:00-05:00', instanceClass: 1, x: 1 },
      danger: { deleteDatabaseOnDestroy: true, x: 1 },
    });
    expect(problemsOf(text).map(({ field }) => field)).toEqual(
      expect.arrayContaining([
        'region',
        'network.availabilityZones[0]',
        'database.maxAllocatedStorageGib',
        'database.maintenanceWindow',
        'danger.deleteDatabaseOnDestroy',
      ]),
    );
    expect(problemsOf(fileWith({ danger: { deleteSecretsOnDestroy: true, x: 1 } })).map(({ field }) => field)).toContain('danger.deleteSecretsOnDestroy');
  });

  test('but not where a field that the rule reads is refused itself', () => {
    expect(problemsOf(fileWith({ region: 'eu-west-9' })).map(({ field }) => field)).toEqual(['region']);
  });

  test('with a mend that RDS takes, where the maximum cannot be raised far enough', () => {
    const database = { allocatedStorageGib: 65_536, maxAllocatedStorageGib: 65_536 };
    expect(problemsOf(fileWith({ database }))).toMatchObject([{ mend: 'lower allocatedStorageGib to 59578 or less' }]);
    expect(parseDeployment(fileWith({ database: { ...database, allocatedStorageGib: 59_578 } }), 'acme.yaml').database).toMatchObject({
      allocatedStorageGib: 59_578,
    });
  });
});

describe('everything that may be destroyed', () => {
  test('may be destroyed together', () => {
    const danger = { disableDeletionProtection: true, deleteDatabaseOnDestroy: true, deleteSecretsOnDestroy: true };
    expect(parseDeployment(fileWith({ danger }), 'acme.yaml').danger).toEqual(danger);
  });
});

describe('a daily backup window and a weekly maintenance window', () => {
  test.each([
    ['02:00-03:00', 'sun:03:30-sun:04:30', false],
    ['02:00-03:00', 'sun:03:00-sun:03:30', false],
    ['03:00-04:00', 'wed:02:00-wed:03:00', false],
    ['02:00-03:00', 'wed:02:59-wed:03:59', true],
    ['02:00-03:00', 'wed:01:01-wed:02:01', true],
    ['02:00-03:00', 'wed:02:15-wed:02:45', true],
    ['02:15-02:45', 'wed:02:00-wed:03:00', true],
    ['23:30-00:30', 'thu:00:00-thu:01:00', true],
    ['23:30-00:30', 'mon:00:00-mon:01:00', true],
    ['00:00-01:00', 'sun:23:30-mon:00:30', true],
    ['22:00-23:00', 'sun:22:30-mon:00:30', true],
    ['23:30-00:30', 'sun:00:30-sun:01:00', false],
    ['00:30-01:30', 'sun:23:30-mon:00:30', false],
    ['02:00-02:30', 'mon:02:30-tue:02:00', false],
  ])('%s and %s overlap: %s', (backup, maintenance, overlap) => {
    expect(windowsOverlap(backup, maintenance)).toBe(overlap);
  });
});
