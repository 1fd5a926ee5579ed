import { parseDeployment } from '../../../../lib/deployment/load.ts';
import { databaseRules } from '../../../../lib/deployment/rules/database.ts';
import { windowsOverlap } from '../../../../lib/deployment/windows.ts';
import { refusesTogether } from '../cases.ts';
import { fileWith, problemsOf } from '../refused.ts';

const offered = 'The region offers the instance class.';

refusesTogether(databaseRules, [
  {
    rule: offered,
    change: { region: 'eu-south-1', network: { availabilityZones: ['eu-south-1a', 'eu-south-1b'] } },
    field: 'database.instanceClass',
    got: 'db.m7g.large (the default)',
    expected: /^a class that RDS offers with PostgreSQL in eu-south-1, as far as this release knows: of the families m5, m5d, m6g, .*, x2iedn$/,
    mend: /^write db\.m8g\.large, for example$/,
  },
  {
    rule: offered,
    change: { region: 'me-south-1', network: { availabilityZones: ['me-south-1a', 'me-south-1b'] }, database: { instanceClass: 'db.x2idn.32xlarge' } },
    field: 'database.instanceClass',
    got: 'db.x2idn.32xlarge',
    expected: /^a class that RDS offers with PostgreSQL in me-south-1/,
    mend: /^choose one of them$/,
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
    rule: 'certificates is given in ap-east-2, ap-southeast-5, ap-southeast-6, ap-southeast-7, ca-west-1, il-central-1, me-west-1, mx-central-1, us-gov-east-1, us-gov-west-1, whose root certificates the service does not bring along.',
    change: { region: 'il-central-1', network: { availabilityZones: ['il-central-1a', 'il-central-1b'] } },
    field: 'database.certificates',
    got: 'nothing',
    expected: /^the path of the root certificates of RDS in il-central-1, since the service brings none along for it/,
    mend: /^download https:\/\/truststore\.pki\.rds\.amazonaws\.com\/il-central-1\/il-central-1-bundle\.pem beside this file and write certificates: il-central-1-bundle\.pem$/,
  },
]);

test('a maximum that cannot be raised far enough is mended by what RDS takes', () => {
  const database = { allocatedStorageGib: 65_536, maxAllocatedStorageGib: 65_536 };
  expect(problemsOf(fileWith({ database }))).toMatchObject([{ mend: 'lower allocatedStorageGib to 59578 or less' }]);
  expect(parseDeployment(fileWith({ database: { ...database, allocatedStorageGib: 59_578 } }), 'acme.yaml').database).toMatchObject({
    allocatedStorageGib: 59_578,
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
