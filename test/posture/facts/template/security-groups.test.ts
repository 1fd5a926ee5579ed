import { factsOf } from '../../../support/assembly.ts';

const tcp = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432 };

/** The database's group, beside the tasks' group and whatever else a test declares. */
function ingressOf({ inline, ...others }: Readonly<Record<string, unknown>>) {
  const facts = factsOf({
    network: {
      Resources: {
        Tasks: { Type: 'AWS::EC2::SecurityGroup', Properties: { Tags: [{ Key: 'halton:role', Value: 'ecs-tasks' }] } },
        Database: { Type: 'AWS::EC2::SecurityGroup', Properties: inline === undefined ? {} : { SecurityGroupIngress: inline } },
        ...others,
      },
    },
  });
  const group = facts.securityGroups.find(({ logicalId }) => logicalId === 'Database');
  if (group === undefined) throw new Error('no group');
  return group.ingress;
}

const separate = (properties: Readonly<Record<string, unknown>>) => ({ Type: 'AWS::EC2::SecurityGroupIngress', Properties: properties });
const fromTasks = {
  protocol: { is: 'known', value: 'tcp' },
  fromPort: { is: 'known', value: 5432 },
  toPort: { is: 'known', value: 5432 },
  sourceGroup: { is: 'known', value: 'network/Tasks' },
  sourceRange: { is: 'absent' },
};

test('a group bears its role', () => {
  const { securityGroups } = factsOf({ network: { Resources: { Tasks: { Type: 'AWS::EC2::SecurityGroup', Properties: { Tags: [{ Key: 'halton:role', Value: 'ecs-tasks' }] } } } } });
  expect(securityGroups[0]?.role).toEqual({ is: 'known', value: 'ecs-tasks' });
});

test('inline rules and separate ones stand together, each with the resource that declares it', () => {
  const rules = ingressOf({
    inline: [{ ...tcp, SourceSecurityGroupId: { Ref: 'Tasks' } }],
    Second: separate({ ...tcp, GroupId: { 'Fn::GetAtt': ['Database', 'GroupId'] }, SourceSecurityGroupId: { 'Fn::GetAtt': ['Tasks', 'GroupId'] } }),
  });
  expect(rules).toEqual([
    { id: 'network/Database', ...fromTasks },
    { id: 'network/Second', ...fromTasks },
  ]);
});

test('a separate rule of another group is none of this one\'s', () => {
  expect(ingressOf({ Other: separate({ ...tcp, GroupId: { Ref: 'Tasks' }, CidrIp: '0.0.0.0/0' }) })).toEqual([]);
});

test('a rule of another stack reaches the group through its export', () => {
  const facts = factsOf({
    network: {
      Resources: { Database: { Type: 'AWS::EC2::SecurityGroup' } },
      Outputs: { Id: { Value: { 'Fn::GetAtt': ['Database', 'GroupId'] }, Export: { Name: 'database' } } },
    },
    service: { Resources: { Rule: separate({ ...tcp, GroupId: { 'Fn::ImportValue': 'database' }, CidrIp: '10.0.0.0/8' }) } },
  });
  expect(facts.securityGroups[0]?.ingress).toMatchObject([{ id: 'service/Rule', sourceRange: { is: 'known', value: '10.0.0.0/8' } }]);
});

test('a rule with two sources is two rules', () => {
  const rules = ingressOf({ inline: [{ ...tcp, SourceSecurityGroupId: { Ref: 'Tasks' }, CidrIpv6: '::/0' }] });
  expect(rules.map(({ sourceGroup, sourceRange }) => [sourceGroup.is, sourceRange.is])).toEqual([['known', 'absent'], ['absent', 'known']]);
});

test('protocols are named, whether by name or by number', () => {
  const protocols = [6, '6', 'TCP', -1].map((IpProtocol) => ingressOf({ inline: [{ ...tcp, IpProtocol, CidrIp: '10.0.0.0/8' }] })[0]?.protocol);
  expect(protocols).toEqual(['tcp', 'tcp', 'tcp', '-1'].map((value) => ({ is: 'known', value })));
});

test.each<[string, unknown]>([
  ['a parameter', { Ref: 'Parameter' }],
  ['a condition', { 'Fn::If': ['a', 'b', 'c'] }],
  ['missing', undefined],
  ['another kind of resource', { Ref: 'Rule' }],
])('a separate rule whose group is %s counts for every group, with nothing known', (_, GroupId) => {
  expect(ingressOf({ Rule: separate({ ...tcp, GroupId, SourceSecurityGroupId: { Ref: 'Tasks' } }) })).toMatchObject([
    { id: 'network/Rule', protocol: { is: 'unresolved' }, fromPort: { is: 'unresolved' }, sourceGroup: { is: 'unresolved' }, sourceRange: { is: 'unresolved' } },
  ]);
});

test('a separate rule of a literal group counts for every group as outside, since it may be one made earlier', () => {
  const rules = ingressOf({ Rule: separate({ ...tcp, GroupId: 'sg-0123456789abcdef0', SourceSecurityGroupId: { Ref: 'Tasks' } }) });
  expect(rules).toMatchObject([{ id: 'network/Rule', sourceGroup: { is: 'outside' } }]);
});

test('a separate rule under a condition counts with nothing known', () => {
  const Rule = { Condition: 'Sometimes', ...separate({ ...tcp, GroupId: { Ref: 'Database' }, SourceSecurityGroupId: { Ref: 'Tasks' } }) };
  expect(ingressOf({ Rule })).toMatchObject([{ sourceGroup: { is: 'unresolved' } }]);
});

test.each([{ 'Fn::If': ['a', [], []] }, 'all', { a: 'b' }, ['all'], [null]])('inline rules of %j are a rule with nothing known', (inline) => {
  expect(ingressOf({ inline })).toMatchObject([{ id: 'network/Database', sourceGroup: { is: 'unresolved' } }]);
});

test('a rule without a source is unresolved', () => {
  expect(ingressOf({ inline: [tcp] })).toMatchObject([{ sourceGroup: { is: 'unresolved' }, sourceRange: { is: 'unresolved' } }]);
});

test('a source that is given by name alone is outside', () => {
  expect(ingressOf({ inline: [{ ...tcp, SourceSecurityGroupName: 'default' }] })).toMatchObject([{ sourceGroup: { is: 'outside' } }]);
});
