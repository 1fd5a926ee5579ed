import { Template } from 'aws-cdk-lib/assertions';
import { controls } from '../../posture/controls/index.ts';
import { readAssembly } from '../../posture/assembly/read.ts';
import { factsFromTemplates } from '../../posture/facts/from-templates.ts';
import { judge } from '../../posture/judge.ts';
import type { Deployment } from '../../lib/deployment/schema.ts';
import { appOf, enterprise, hosted, resources } from '../support/deployments.ts';
import { closed, inExistingVpc } from './network/modes.ts';

const synthesized = (deployment: Deployment) => appOf(deployment).synth();
const judged = (deployment: Deployment) =>
  judge(controls, factsFromTemplates(readAssembly(synthesized(deployment).directory).map(({ template }) => template)), []);

describe('the enterprise example', () => {
  const assembly = synthesized(enterprise);

  test('looks nothing up', () => {
    expect(assembly.manifest.missing ?? []).toEqual([]);
  });

  test('names the account and the region for every stack', () => {
    for (const { environment } of assembly.stacks) expect(environment).toMatchObject({ account: '111122223333', region: 'eu-central-1' });
  });

  test('opens nothing to every address', () => {
    for (const { template } of assembly.stacks) expect(JSON.stringify(template)).not.toContain('0.0.0.0/0');
  });

  test('keeps every promise, but for the routes of a VPC that is not its own, which have to be seen in the account', () => {
    const { exitCode, controls: results } = judged(enterprise);
    expect(exitCode).toBe(0);
    const open = results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable').map(({ id, verdict, reason }) => `${id} ${verdict}: ${reason}`);
    expect(open).toEqual(['database-subnets-isolated not-verified: outside the assembly']);
  });
});

describe('every role has the permissions boundary, those of the CDK\'s own functions included', () => {
  const permissionsBoundary = 'arn:aws:iam::111122223333:policy/platform-boundary';

  test.each([
    ['in an existing VPC', enterprise],
    // Here the CDK adds a function that closes the default security group, with a role that no construct class makes.
    ['in a VPC of its own', { ...hosted, permissionsBoundary }],
  ])('%s', (_, deployment) => {
    const roles = synthesized(deployment).stacks.flatMap(({ template }) => Object.entries(resources(Template.fromJSON(template), 'AWS::IAM::Role')));
    expect(roles.length).toBeGreaterThan(5);
    expect(roles.filter(([, { Properties }]) => Properties['PermissionsBoundary'] !== permissionsBoundary).map(([id]) => id)).toEqual([]);
  });
});

test('without one no role has a boundary', () => {
  for (const { template } of synthesized(hosted).stacks) expect(JSON.stringify(template)).not.toContain('PermissionsBoundary');
});

describe('no promise is broken', () => {
  const zones = (count: number) => ({ availabilityZones: enterprise.network.availabilityZones.slice(0, count) });
  const { existing } = enterprise.network;
  const two = inExistingVpc('none', {
    privateSubnets: existing?.privateSubnets.slice(0, 2),
    isolatedSubnets: existing?.isolatedSubnets.slice(0, 2),
    loadBalancerSubnets: existing?.loadBalancerSubnets.slice(0, 2),
  });

  test.each([
    ['in a VPC of its own without the internet', closed],
    ['in an existing VPC with a way out', inExistingVpc('nat', { s3PrefixList: undefined })],
    ['in an existing VPC without endpoints', inExistingVpc('none', { endpoints: false, s3PrefixList: undefined })],
    ['in two zones of an existing VPC', { ...two, network: { ...two.network, ...zones(2) } }],
    ['in two zones of a VPC of its own', { ...hosted, network: { ...hosted.network, availabilityZones: hosted.network.availabilityZones.slice(0, 2) } }],
  ])('%s', (_, deployment) => {
    expect(judged(deployment).exitCode).toBe(0);
  });
});
