import { parseDeployment } from '../../../lib/deployment/load.ts';
import { refusesFields } from './cases.ts';
import { fileWith, problemsOf } from './refused.ts';

const zone = (...availabilityZones: unknown[]) => ({ network: { availabilityZones } });
const database = (key: string, value: unknown) => ({ database: { [key]: value } });

refusesFields([
  { field: 'name', value: 'Acme', got: 'Acme', expected: /^lower-case letters/, mend: /such as hosted/ },
  { field: 'name', value: 'acme-', got: 'acme-', expected: /^lower-case letters/, mend: /such as hosted/ },
  { field: 'name', value: 'hosted-eu', got: 'hosted-eu', expected: /^lower-case letters and digits/, mend: /such as hosted/ },
  { field: 'name', value: '1acme', got: '1acme', expected: /beginning with a letter/, mend: /such as hosted/ },
  { field: 'name', value: 'a', got: 'a', expected: /^2 to 16 characters/, mend: /^lengthen it/ },
  { field: 'name', value: 'a234567890123456789', got: 'a234567890123456789', expected: /^2 to 16 characters/, mend: /^shorten it by 3/ },
  { field: 'name', value: 7, got: '7', expected: /as text$/, mend: /^quote it: '7'/ },
  { field: 'name', value: ['acme'], got: 'a list of 1', expected: /as text$/, mend: /^write a single value/ },
  { field: 'name', value: undefined, got: 'nothing', expected: /^the name of the deployment/, mend: /^add name/ },
  { field: 'name', value: null, got: 'an empty value', expected: /^the name of the deployment/, mend: /^give it a value/ },

  { field: 'kind', value: 'enterprize', got: 'enterprize', expected: /^hosted or enterprise$/, mend: /^write enterprise$/ },
  { field: 'kind', value: 'trial', got: 'trial', expected: /^hosted or enterprise$/, mend: /^write hosted or enterprise$/ },
  { field: 'kind', value: undefined, got: 'nothing', expected: /^hosted or enterprise$/, mend: /^add kind$/ },

  { field: 'region', value: 'eu-west2', got: 'eu-west2', expected: /^the name of a commercial or GovCloud region/, mend: /^write eu-west-2,/ },
  { field: 'region', value: 'EU-WEST-2', got: 'EU-WEST-2', expected: /^the name of a commercial/, mend: /^write eu-west-2,/ },
  { field: 'region', value: 'london', got: 'london', expected: /^the name of a commercial/, mend: /^write one of af-south-1, .*us-west-2$/ },
  { field: 'region', value: 'cn-north-1', got: 'cn-north-1', expected: /China regions \(partition aws-cn\)/, mend: /partition aws or aws-us-gov/ },
  { field: 'region', value: 'us-iso-east-1', got: 'us-iso-east-1', expected: /isolated regions/, mend: /partition aws or aws-us-gov/ },
  { field: 'region', value: 'eusc-de-east-1', got: 'eusc-de-east-1', expected: /European Sovereign Cloud/, mend: /partition aws or aws-us-gov/ },
  { field: 'region', value: undefined, got: 'nothing', expected: /^the name of a region/, mend: /^add region/ },

  { field: 'account', value: 123_456_789_012, got: '123456789012', expected: /^the 12 digits/, mend: /^quote it: '123456789012'$/ },
  { field: 'account', value: '1234-5678-9012', got: '1234-5678-9012', expected: /^the 12 digits/, mend: /without spaces or hyphens/ },
  { field: 'account', value: '12345678901', got: '"12345678901"', expected: /^the 12 digits/, mend: /^write all 12/ },

  { field: 'network', value: undefined, got: 'nothing', expected: /^a mapping with the keys cidr, availabilityZones, internet, existing$/, mend: /^add network/ },
  { field: 'network', value: null, got: 'an empty value', expected: /^a mapping/, mend: /leave the key out where it has a default/ },
  { field: 'network', value: '10.40.0.0/16', got: '10.40.0.0/16', expected: /^a mapping/, mend: /put its keys below it/ },

  { field: 'network.cidr', value: '10.40.0.0/21', got: '10.40.0.0/21', expected: /too few addresses/, mend: /^widen it to \/20/ },
  { field: 'network.cidr', value: '10.0.0.0/8', got: '10.0.0.0/8', expected: /no range larger than \/16/, mend: /^write 10\.0\.0\.0\/16/ },
  { field: 'network.cidr', value: '10.40.0.1/16', got: '10.40.0.1/16', expected: /no host bits set/, mend: /^write 10\.40\.0\.0\/16$/ },
  { field: 'network.cidr', value: '52.1.0.0/16', got: '52.1.0.0/16', expected: /RFC 1918/, mend: /10\.0\.0\.0\/8, 172\.16\.0\.0\/12 or 192\.168\.0\.0\/16/ },
  { field: 'network.cidr', value: '100.64.0.0/16', got: '100.64.0.0/16', expected: /RFC 1918/, mend: /10\.0\.0\.0\/8/ },
  { field: 'network.cidr', value: 'fd00::/56', got: 'fd00::/56', expected: /^an IPv4 range, since/, mend: /10\.40\.0\.0\/16/ },
  { field: 'network.cidr', value: '10.40.0.0', got: '10.40.0.0', expected: /CIDR notation/, mend: /and a prefix/ },
  { field: 'network.cidr', value: '10.40/16', got: '10.40/16', expected: /CIDR notation/, mend: /four decimal numbers/ },
  { field: 'network.cidr', value: '010.40.0.0/16', got: '010.40.0.0/16', expected: /CIDR notation/, mend: /four decimal numbers/ },
  { field: 'network.cidr', value: '10.40.0.0/33', got: '10.40.0.0/33', expected: /CIDR notation/, mend: /four decimal numbers/ },

  { field: 'network.availabilityZones', value: undefined, got: 'nothing', expected: /^a list of availability zones/, mend: /^add network\.availabilityZones/ },
  { field: 'network.availabilityZones', value: 'eu-west-2a', got: 'eu-west-2a', expected: /^a list of availability zones/, mend: /^write it as a list/ },
  { field: 'network.availabilityZones', value: [], got: 'a list of 0', expected: /^at least 2 zones/, mend: /^add 2/ },
  { field: 'network.availabilityZones', value: ['eu-west-2a'], got: 'a list of 1', expected: /standby/, mend: /^add 1/ },
  { field: 'network.availabilityZones', value: ['a', 'b', 'c', 'd', 'e'].map((letter) => `eu-west-2${letter}`), got: 'a list of 5', expected: /^at most 4 zones/, mend: /^remove 1/ },
  { field: 'network.availabilityZones[1]', value: ['eu-west-2a', 'eu-west-2a'], got: 'eu-west-2a', expected: /not in the list yet/, mend: /^name another zone/ },
  { field: 'network.availabilityZones[1]', value: ['eu-west-2a', 'EU-WEST-2B'], got: 'EU-WEST-2B', expected: /^the name of an availability zone/, mend: /^write eu-west-2b$/ },
  { field: 'network.availabilityZones[1]', value: ['eu-west-2a', 'eu-west-2'], got: 'eu-west-2', expected: /^the name of an availability zone/, mend: /one letter/ },
  { field: 'network.availabilityZones[1]', value: ['eu-west-2a', 'euw2-az2'], got: 'euw2-az2', expected: /not a zone's id/, mend: /describe-availability-zones/ },
  { field: 'network.availabilityZones[1]', value: ['eu-west-2a', 'eu-west-2-lon-1a'], got: 'eu-west-2-lon-1a', expected: /Local and Wavelength Zones/, mend: /one letter/ },
  { field: 'network.availabilityZones[1]', value: ['eu-west-2a', 'eu-west-2-wl1-lon-wlz-1'], got: 'eu-west-2-wl1-lon-wlz-1', expected: /Local and Wavelength Zones/, mend: /one letter/ },
  { field: 'network.availabilityZones[1]', value: ['eu-west-2a', 2], got: '2', expected: /as text$/, mend: /^quote it: '2'/ },

  { field: 'database', value: null, got: 'an empty value', expected: /^a mapping with the keys instanceClass,/, mend: /leave the key out/ },
  { field: 'database.instanceClass', value: 'm7g.large', got: 'm7g.large', expected: /^an instance class of RDS/, mend: /^write db\.m7g\.large$/ },
  { field: 'database.instanceClass', value: 'db.m7g', got: 'db.m7g', expected: /^an instance class of RDS/, mend: /such as db\.m7g\.large/ },
  { field: 'database.instanceClass', value: 'db.serverless', got: 'db.serverless', expected: /^an instance class of RDS/, mend: /such as db\.m7g\.large/ },
  { field: 'database.instanceClass', value: 'db.r5.large.tpc1.mem2x', got: 'db.r5.large.tpc1.mem2x', expected: /^an instance class of RDS/, mend: /such as/ },
  { field: 'database.instanceClass', value: 'db.m4.large', got: 'db.m4.large', expected: /runs PostgreSQL 17, which RDS does not offer on db\.m4/, mend: /newer family/ },
  { field: 'database.instanceClass', value: 'db.t2.micro', got: 'db.t2.micro', expected: /runs PostgreSQL 17/, mend: /newer family/ },
  { field: 'database.instanceClass', value: 'db.t4g.4xlarge', got: 'db.t4g.4xlarge', expected: /^a size of db\.t4g: micro, small, medium, large, xlarge, 2xlarge$/, mend: /^write db\.t4g\.2xlarge or a smaller one$/ },
  { field: 'database.instanceClass', value: 'db.x1e.xlarge', got: 'db.x1e.xlarge', expected: /runs PostgreSQL 17/, mend: /newer family/ },

  { field: 'database.allocatedStorageGib', value: 19, got: '19', expected: /^at least 20 GiB/, mend: /^raise it to 20 or more$/ },
  { field: 'database.allocatedStorageGib', value: 100.5, got: '100.5', expected: /^a whole number of GiB/, mend: /unit or fraction/ },
  { field: 'database.allocatedStorageGib', value: '100', got: '"100"', expected: /^a whole number of GiB/, mend: /without quotes/ },
  { field: 'database.allocatedStorageGib', value: '100 GiB', got: '100 GiB', expected: /^a whole number of GiB/, mend: /without quotes, unit/ },
  { field: 'database.allocatedStorageGib', value: Number.NaN, got: '.nan', expected: /^a whole number of GiB/, mend: /digits/ },
  { field: 'database.maxAllocatedStorageGib', value: 65_537, got: '65537', expected: /^at most 65536 GiB/, mend: /^lower it to 65536 or less$/ },
  { field: 'database.maxAllocatedStorageGib', value: 1e20, got: '100000000000000000000', expected: /^at most 65536 GiB/, mend: /^lower it/ },

  { field: 'database.backupRetentionDays', value: 8, got: '8', expected: /exactly 7 days \(HM-BAK-1\)$/, mend: /^write 7$/ },
  { field: 'database.backupRetentionDays', value: 0, got: '0', expected: /HM-BAK-1/, mend: /^write 7$/ },
  { field: 'database.backupRetentionDays', value: '7', got: '"7"', expected: /HM-BAK-1/, mend: /^write 7$/ },

  { field: 'database.backupWindow', value: '2:00-3:00', got: '2:00-3:00', expected: /hh:mm-hh:mm/, mend: /02:00-03:00/ },
  { field: 'database.backupWindow', value: '02:00-24:00', got: '02:00-24:00', expected: /hours from 00 to 23/, mend: /02:00-03:00/ },
  { field: 'database.backupWindow', value: 'sun:02:00-sun:03:00', got: 'sun:02:00-sun:03:00', expected: /^a daily window/, mend: /02:00-03:00/ },
  { field: 'database.backupWindow', value: '02:00-02:29', got: '02:00-02:29', expected: /^at least 30 minutes/, mend: /30 minutes or more after its start/ },
  { field: 'database.backupWindow', value: '23:50-00:10', got: '23:50-00:10', expected: /^at least 30 minutes/, mend: /after its start/ },
  { field: 'database.backupWindow', value: '02:00-02:00', got: '02:00-02:00', expected: /^at least 30 minutes/, mend: /after its start/ },
  { field: 'database.maintenanceWindow', value: '03:30-04:30', got: '03:30-04:30', expected: /ddd:hh:mm-ddd:hh:mm/, mend: /sun:03:30-sun:04:30/ },
  { field: 'database.maintenanceWindow', value: 'Sun:03:30-Sun:04:30', got: 'Sun:03:30-Sun:04:30', expected: /in lower case/, mend: /sun:03:30/ },
  { field: 'database.maintenanceWindow', value: 'sun:23:50-mon:00:10', got: 'sun:23:50-mon:00:10', expected: /^at least 30 minutes/, mend: /after its start/ },
  { field: 'database.maintenanceWindow', value: 'sun:04:30-sun:03:30', got: 'sun:04:30-sun:03:30', expected: /^at most 23 hours and 30 minutes/, mend: /swapped\?/ },

  { field: 'database.readReplica', value: 'yes', got: 'yes', expected: /^true or false$/, mend: /^write true or false, without quotes$/ },
  { field: 'danger.disableDeletionProtection', value: 'false', got: '"false"', expected: /^true or false$/, mend: /without quotes/ },
  { field: 'danger.deleteSecretsOnDestroy', value: 1, got: '1', expected: /^true or false$/, mend: /^write true or false/ },
]);

test('several things wrong with one value are told apart', () => {
  const expectations = problemsOf(fileWith({ network: { cidr: '52.1.0.1/24' } })).map(({ expected }) => expected);
  expect(expectations).toEqual([
    expect.stringMatching(/^a prefix from \/16 to \/20/),
    expect.stringMatching(/RFC 1918/),
    expect.stringMatching(/no host bits set/),
  ]);
});

describe('an unknown key is refused', () => {
  test.each([
    { what: 'near a known one', change: { acount: '123456789012' }, field: 'acount', expected: /account is the nearest/, mend: /^rename it to account$/ },
    { what: 'of a mapping, near a known one', change: database('readreplica', true), field: 'database.readreplica', expected: /readReplica is the nearest/, mend: /^rename it to readReplica$/ },
    { what: 'near none, with the known ones', change: { vpn: true }, field: 'vpn', expected: /^one of name, kind, region, account, network, service, identity, database, permissionsBoundary, danger$/, mend: /^rename or remove it$/ },
    { what: 'of danger', change: { danger: { everything: true } }, field: 'danger.everything', expected: /^one of disableDeletionProtection,/, mend: /^rename or remove it$/ },
    { what: 'of another mapping', change: { cidr: '10.40.0.0/16' }, field: 'cidr', expected: /^one of name,/, mend: /^move it below network$/ },
    { what: 'of a mapping inside another', change: { network: { vpcId: 'vpc-0a1b2c3d' } }, field: 'network.vpcId', expected: /^one of cidr,/, mend: /^move it below network\.existing$/ },
    { what: 'of the top level', change: { network: { region: 'eu-west-2' } }, field: 'network.region', expected: /^one of cidr, availabilityZones, internet, existing$/, mend: /^move it to the top level$/ },
    { what: 'with odd characters', change: { 'a b': 1 }, field: '"a b"', expected: /^one of name,/, mend: /^rename or remove it$/ },
  ])('$what', ({ change, field, expected, mend }) => {
    expect(problemsOf(fileWith(change))).toMatchObject([
      { field, got: 'an unknown key', expected: expect.stringMatching(expected), mend: expect.stringMatching(mend) },
    ]);
  });
});

describe('a value at the edge of what its field takes is read', () => {
  test.each([
    { name: 'ab' },
    { name: 'a234567890123456' },
    { account: '012345678901' },
    { network: { cidr: '192.168.0.0/16' } },
    { network: { cidr: '172.31.240.0/20' } },
    zone('eu-west-2a', 'eu-west-2b', 'eu-west-2c', 'eu-west-2d'),
    { region: 'ap-northeast-3', ...zone('ap-northeast-3a', 'ap-northeast-3b') },
    // PostgreSQL has Performance Insights on the smallest classes too, unlike MySQL and MariaDB.
    database('instanceClass', 'db.t4g.micro'),
    database('instanceClass', 'db.r8g.48xlarge'),
    { database: { allocatedStorageGib: 20, maxAllocatedStorageGib: 22 } },
    database('maxAllocatedStorageGib', 65_536),
    database('backupWindow', '23:45-00:15'),
    database('maintenanceWindow', 'sun:23:45-mon:00:15'),
  ])('%j', (change) => {
    expect(parseDeployment(fileWith(change), 'acme.yaml')).toMatchObject(change);
  });
});
