import fc from 'fast-check';
import type { Json } from '../../posture/assembly/json.ts';
import { readAssembly } from '../../posture/assembly/read.ts';
import { template } from '../../posture/assembly/template.ts';
import { UnreadableAssembly } from '../../posture/assembly/unreadable.ts';
import { controls } from '../../posture/controls/index.ts';
import type { Facts } from '../../posture/facts/facts.ts';
import { factsFromTemplates } from '../../posture/facts/from-templates.ts';
import { judge } from '../../posture/judge.ts';
import { print } from '../../posture/print.ts';
import { resultsSchema, serialize } from '../../posture/results.ts';
import { directoryOf } from '../support/assembly-directory.ts';

/** Types that the readers look into. */
const TYPES = [
  'AWS::RDS::DBInstance', 'AWS::RDS::DBParameterGroup', 'AWS::RDS::DBSubnetGroup', 'AWS::EC2::Subnet', 'AWS::EC2::RouteTable', 'AWS::EC2::Route',
  'AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::VPNGatewayRoutePropagation', 'AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress',
  'AWS::KMS::Key', 'AWS::KMS::ReplicaKey', 'AWS::KMS::Alias', 'AWS::S3::Bucket', 'AWS::Logs::LogGroup', 'Custom::SecureParameters', 'Custom::DatabaseUrl',
  'AWS::Lambda::Function', 'AWS::ECS::TaskDefinition', 'AWS::ECS::Service', 'AWS::Events::Rule', 'AWS::Scheduler::Schedule', 'AWS::IAM::Role', 'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancingV2::Listener', 'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::CloudTrail::Trail', 'AWS::ECS::Cluster', 'AWS::S3::BucketPolicy',
];

/** Properties that the readers ask for, whichever resource has them. */
const PROPERTIES = [
  'SourceDBInstanceIdentifier', 'SourceRegion', 'PubliclyAccessible', 'StorageEncrypted', 'KmsKeyId', 'BackupRetentionPeriod', 'DBSubnetGroupName',
  'VPCSecurityGroups', 'DBSecurityGroups', 'DBParameterGroupName', 'MasterUserPassword', 'Parameters', 'SubnetIds', 'SubnetId', 'RouteTableId', 'RouteTableIds',
  'GatewayId', 'DestinationCidrBlock', 'AvailabilityZone', 'GroupId', 'SecurityGroupIngress', 'IpProtocol', 'FromPort', 'ToPort', 'CidrIp',
  'SourceSecurityGroupId', 'Tags', 'MultiRegion', 'EnableKeyRotation', 'TargetKeyId', 'AliasName', 'ReplicationConfiguration', 'LifecycleConfiguration', 'Rules',
  'ObjectLockConfiguration', 'VersioningConfiguration', 'LogGroupName', 'RetentionInDays', 'KeyArn', 'Name', 'Environment', 'Variables', 'ContainerDefinitions',
  'Protocol', 'SslPolicy', 'Certificates', 'ListenerAttributes', 'DefaultActions', 'Actions', 'ListenerArn', 'RedirectConfig', 'ForwardConfig', 'TargetGroups',
  'TargetGroupArn', 'SecurityGroups', 'TaskRoleArn', 'NetworkConfiguration', 'AwsvpcConfiguration', 'Targets', 'Target', 'EcsParameters', 'Policies',
  'ManagedPolicyArns', 'PolicyDocument', 'Statement', 'Effect', 'Action', 'Resource', 'Condition', 'Roles', 'S3BucketName', 'AdvancedEventSelectors', 'FieldSelectors',
  'Field', 'StartsWith', 'EventSelectors', 'DataResources', 'Values', 'CloudWatchLogsRoleArn', 'Bucket', 'ClusterSettings', 'LoadBalancers', 'VolumeConfigurations', 'Volumes',
  'MountPoints', 'User', 'LinuxParameters', 'Capabilities', 'Add', 'KeyUsage', 'RotationPeriodInDays', 'PermissionsBoundary', 'Principal',
];

const IDS = ['A', 'B', '__proto__', 'constructor', 'toString'];
const INTRINSICS = [
  'Ref', 'Fn::GetAtt', 'Fn::ImportValue', 'Fn::Join', 'Fn::Sub', 'Fn::Select', 'Fn::Split', 'Fn::If', 'Fn::FindInMap', 'Fn::GetAZs', 'Fn::Base64', 'Fn::Unheard',
];

/** An object that keeps a key called `__proto__` as its own, as `JSON.parse` does. */
const objectOf = (keys: fc.Arbitrary<string>, values: fc.Arbitrary<unknown>) =>
  fc.array(fc.tuple(keys, values), { maxLength: 5 }).map((entries): unknown => Object.fromEntries(entries));

const leaf = fc.oneof(
  fc.constantFrom(...IDS, ...PROPERTIES, 'true', '7', '', '${A}', '${A.Arn}${', 'a||b', 'net:A', 'sg-0123', 'AWS::NoValue', 'AWS::Region', 'A.Arn', '{{resolve:ssm:/a}}'),
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);

const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, leaf, tie('list'), tie('map'), tie('intrinsic'), tie('intrinsic')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: objectOf(fc.oneof(fc.constantFrom(...PROPERTIES, ...IDS, 'Key', 'Value', 'Status'), fc.string()), tie('value')),
  intrinsic: fc.tuple(fc.constantFrom(...INTRINSICS), fc.oneof(tie('value'), tie('list'), leaf)).map(([name, argument]) => ({ [name]: argument })),
}));

const resource = fc.record(
  { Type: fc.constantFrom(...TYPES), Properties: fc.oneof({ arbitrary: objectOf(fc.constantFrom(...PROPERTIES), value), weight: 5 }, { arbitrary: value, weight: 1 }), Condition: value, DeletionPolicy: value },
  { requiredKeys: ['Type', 'Properties'] },
);
const output = fc.record({ Value: value, Export: fc.record({ Name: fc.oneof(fc.constantFrom('net:A', 'A'), value) }) }, { requiredKeys: [] });
const wellFormed = fc.record(
  { Resources: objectOf(fc.constantFrom(...IDS), resource), Outputs: objectOf(fc.constantFrom(...IDS), output), Metadata: value, Parameters: value },
  { requiredKeys: ['Resources'] },
);
const anything = fc.oneof(wellFormed, fc.record({ Resources: value, Transform: value }, { requiredKeys: [] }), fc.jsonValue());

/** What is read; undefined where it is refused as unreadable. Anything else that is thrown fails the test. */
function refusedOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableAssembly) return undefined;
    throw error;
  }
}

/** The facts of stacks with these bodies. */
function factsOf(bodies: readonly unknown[]): Facts | undefined {
  return refusedOr(() =>
    factsFromTemplates(
      bodies.map((body, index) => {
        const stack = `stack${index}`;
        return template({ stack, file: `${stack}.template.json`, account: undefined, region: 'eu-west-2' }, JSON.parse(JSON.stringify(body)) as Json);
      }),
    ),
  );
}

test('whatever a template holds, it is read or refused as unreadable', () => {
  fc.assert(fc.property(anything, anything, (first, second) => void factsOf([first, second])), { numRuns: 1000 });
});

test('whatever lies in an assembly\'s files, it is read or refused as unreadable', () => {
  const artifact = fc.oneof(fc.jsonValue(), fc.record({ type: fc.constantFrom('aws:cloudformation:stack', 'cdk:cloud-assembly'), environment: leaf, properties: fc.record({ templateFile: fc.constant('t.json'), directoryName: leaf }, { requiredKeys: [] }), metadata: value }));
  fc.assert(
    fc.property(objectOf(fc.constantFrom(...IDS), artifact), anything, (artifacts, body) => {
      refusedOr(() => readAssembly(directoryOf({ 'manifest.json': { artifacts }, 't.json': body })));
    }),
    { numRuns: 100 },
  );
});

test('whatever a template holds, every control comes to a verdict that can be written and printed', () => {
  fc.assert(
    fc.property(wellFormed, wellFormed, (first, second) => {
      const facts = factsOf([first, second]);
      if (facts === undefined) return;
      const results = judge(controls, facts, []);
      expect(results.controls.filter(({ reason }) => reason === 'crashed')).toEqual([]);
      expect(resultsSchema.safeParse(JSON.parse(serialize(results))).success).toBe(true);
      expect(print(results)).not.toBe('');
    }),
    { numRuns: 300 },
  );
});

test('a run over garbage is never a success', () => {
  fc.assert(
    fc.property(wellFormed, (body) => {
      const facts = factsOf([body]);
      return facts === undefined || judge(controls, facts, []).exitCode !== 0;
    }),
    { numRuns: 300 },
  );
});

test('a control that looks at a resource whose properties nobody can read never passes', () => {
  const unreadable = fc.constantFrom<unknown>('text', 7, null, [], { 'Fn::If': ['C', {}, {}] }, { 'Fn::Unheard': {} });
  fc.assert(
    fc.property(unreadable, (Properties) => {
      const facts = factsOf([{ Resources: Object.fromEntries(TYPES.map((Type, index) => [`R${index}`, { Type, Properties }])) }]);
      if (facts === undefined) throw new Error('refused');
      expect(judge(controls, facts, []).controls.filter(({ verdict }) => verdict === 'pass')).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
