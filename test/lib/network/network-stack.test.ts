import { appOf, enterprise, hosted, networkOf, resources } from '../../support/deployments.ts';
import { closed } from './modes.ts';

test.each([
  ['of its own', { ...hosted, account: '123456789012' }],
  ['of its own without the internet', { ...closed, account: '123456789012' }],
  ['that is there already', enterprise],
])('a network %s is looked up in no account, even where the deployment names one', (_, deployment) => {
  const { manifest } = appOf(deployment).synth();
  expect(manifest.missing ?? []).toEqual([]);
});

describe.each([
  ['of its own', hosted, 'AWS::EC2::VPC'],
  ['that is there already', enterprise, 'AWS::EC2::SecurityGroup'],
])('in a network %s', (_, deployment, begun) => {
  test("the operator's secrets are asked for before anything is made", () => {
    const network = networkOf(deployment);
    const [asked = ''] = Object.keys(resources(network, 'Custom::OperatorSecrets'));
    expect(asked).not.toBe('');
    for (const resource of Object.values(resources(network, begun))) expect(resource['DependsOn']).toContain(asked);
  });
});
