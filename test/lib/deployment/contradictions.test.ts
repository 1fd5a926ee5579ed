import { fileWith, problemsOf } from './refused.ts';

describe('values that cannot stand together are refused', () => {
  test('however many other fields are refused', () => {
    const text = fileWith({
      name: 7,
      kind: 'hosted',
      region: 'eu-west-1',
      vpn: 1,
      network: { cidr: 1, x: 1, internet: 'none', availabilityZones: ['eu-west-2a', 'x'], existing: { privateSubnets: ['subnet-1'], endpoints: 1, x: 1 } },
      service: { domainName: 1, loadBalancer: 'internal', minTasks: 11, memoryMib: 512, x: 1 },
      identity: { authorizedParty: 'https://app.example.com', jwksUrl: 1, publicKey: 1, x: 1 },
      database: { allocatedStorageGib: 600, backupWindow: '04:00-05:00', instanceClass: 1, x: 1 },
      danger: { deleteDatabaseOnDestroy: true, x: 1 },
    });
    const told = problemsOf(text).map(({ field, expected }) => `${field}: ${expected}`);
    for (const conflict of [
      /^region: eu-west-2, since/,
      /^network\.availabilityZones\[0\]: a zone of eu-west-1/,
      /^network\.cidr: no range for a new VPC/,
      /^network\.existing\.privateSubnets: 2 subnets/,
      /^service\.loadBalancer: internet-facing, since/,
      /^service\.memoryMib: a size that Fargate offers/,
      /^service\.maxTasks: at least 11/,
      /^identity\.jwksUrl: no URL beside publicKey/,
      /^identity\.authorizedParty: https:\/\/app\.haltonmeter\.com/,
      /^database\.maxAllocatedStorageGib: at least 660/,
      /^database\.maintenanceWindow: a window apart/,
      /^danger\.deleteDatabaseOnDestroy: false/,
    ]) {
      expect(told).toContainEqual(expect.stringMatching(conflict));
    }
    expect(problemsOf(fileWith({ danger: { deleteSecretsOnDestroy: true, x: 1 } })).map(({ field }) => field)).toContain('danger.deleteSecretsOnDestroy');
  });

  test('but not where a field that the rule reads is refused itself', () => {
    expect(problemsOf(fileWith({ region: 'eu-west-9' })).map(({ field }) => field)).toEqual(['region']);
  });
});
