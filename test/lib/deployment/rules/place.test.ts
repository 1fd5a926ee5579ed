import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDeployment } from '../../../../lib/deployment/load.ts';
import { placeRules } from '../../../../lib/deployment/rules/place.ts';
import { newRdsRoots } from '../../../support/certificates.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { refusesTogether } from '../cases.ts';
import { fileWith } from '../refused.ts';

const boundary = (partition: string, owner: string) => `arn:${partition}:iam::${owner}:policy/boundary`;

const named = 'A certificate or a permissions boundary that names an account needs account.';

refusesTogether(placeRules, [
  {
    rule: 'A hosted deployment is in eu-west-2.',
    change: {
      kind: 'hosted',
      region: 'eu-west-1',
      network: { availabilityZones: ['eu-west-1a', 'eu-west-1b'] },
      identity: { authorizedParty: 'https://app.haltonmeter.com' },
    },
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
    rule: "The permissions boundary is a policy of the deployment's partition and account, or one of AWS.",
    change: { account: '111122223333', permissionsBoundary: boundary('aws', '444455556666') },
    field: 'permissionsBoundary',
    got: boundary('aws', '444455556666'),
    expected: /^a policy that begins with arn:aws:iam::111122223333:policy\/, since IAM/,
    mend: /^create the policy there/,
  },
  {
    rule: "The permissions boundary is a policy of the deployment's partition and account, or one of AWS.",
    change: { account: '111122223333', permissionsBoundary: boundary('aws-us-gov', '111122223333') },
    field: 'permissionsBoundary',
    got: boundary('aws-us-gov', '111122223333'),
    expected: /^a policy that begins with arn:aws:iam::111122223333:policy\//,
    mend: /^create the policy there/,
  },
  {
    rule: named,
    change: { permissionsBoundary: boundary('aws', '111122223333') },
    field: 'account',
    got: 'nothing',
    expected: /^the account that permissionsBoundary names, since a file that names an account deploys to it and to no other$/,
    mend: /^add account: '111122223333'$/,
  },
  {
    rule: named,
    change: { service: { certificateArn: 'arn:aws:acm:eu-west-2:111122223333:certificate/12345678-1234-1234-1234-123456789012' } },
    field: 'account',
    got: 'nothing',
    expected: /^the account that service\.certificateArn names/,
    mend: /^add account: '111122223333'$/,
  },
]);

test.each([
  { account: '111122223333', permissionsBoundary: boundary('aws', '111122223333') },
  { account: '111122223333', permissionsBoundary: boundary('aws', 'aws') },
  { permissionsBoundary: boundary('aws', 'aws') },
])('a boundary that IAM takes is read: %j', (change) => {
  expect(parseDeployment(fileWith(change), 'acme.yaml').permissionsBoundary).toBe(change.permissionsBoundary);
});

test('a boundary of GovCloud is read there', async () => {
  const folder = temporaryFolder('govcloud');
  writeFileSync(join(folder, 'roots.pem'), (await newRdsRoots('us-gov-west-1')).bundle);
  const change = {
    account: '111122223333',
    region: 'us-gov-west-1',
    network: { availabilityZones: ['us-gov-west-1a', 'us-gov-west-1b'] },
    database: { instanceClass: 'db.m6g.large', certificates: 'roots.pem' },
    permissionsBoundary: boundary('aws-us-gov', '111122223333'),
  };
  expect(parseDeployment(fileWith(change), join(folder, 'acme.yaml')).permissionsBoundary).toBe(change.permissionsBoundary);
});
