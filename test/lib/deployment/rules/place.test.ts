import { parseDeployment } from '../../../../lib/deployment/load.ts';
import { placeRules } from '../../../../lib/deployment/rules/place.ts';
import { refusesTogether } from '../cases.ts';
import { fileWith } from '../refused.ts';

const boundary = (partition: string, owner: string) => `arn:${partition}:iam::${owner}:policy/boundary`;

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
    change: { permissionsBoundary: boundary('aws-us-gov', '111122223333') },
    field: 'permissionsBoundary',
    got: boundary('aws-us-gov', '111122223333'),
    expected: /^a policy that begins with arn:aws:iam::<account>:policy\//,
    mend: /^create the policy there/,
  },
]);

test.each([
  { account: '111122223333', permissionsBoundary: boundary('aws', '111122223333') },
  { account: '111122223333', permissionsBoundary: boundary('aws', 'aws') },
  { permissionsBoundary: boundary('aws', '111122223333') },
  { region: 'us-gov-west-1', network: { availabilityZones: ['us-gov-west-1a', 'us-gov-west-1b'] }, permissionsBoundary: boundary('aws-us-gov', '111122223333') },
])('a boundary that IAM takes is read: %j', (change) => {
  expect(parseDeployment(fileWith(change), 'acme.yaml').permissionsBoundary).toBe(change.permissionsBoundary);
});
