import { storesExpire } from '../../../../posture/controls/audit/stores-expire.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, drop, judging, set, unset, type Edit } from '../../../support/fixtures.ts';

const judge = judging(storesExpire);
const after = judgingAfter(storesExpire);
const tags = (value: string) => [{ Key: 'halton:workspace-data', Value: value }];

describe('the metrics of a cluster', () => {
  const WRONG = ['fail Cluster ClusterSettings containerInsights'];
  const setting = (Value: unknown) => set('Cluster', 'Properties.ClusterSettings', [{ Name: 'containerInsights', Value }]);
  const called = (LogGroupName: unknown) => set('Insights', 'Properties.LogGroupName', LogGroupName);

  test('go into a declared group, which is named for the cluster', () => {
    expect(judge(setting('enhanced'))).toEqual([]);
    expect(judge(set('Cluster', 'Properties.ClusterName', 'halton'), called('/aws/ecs/containerinsights/halton/performance'))).toEqual([]);
    expect(judge(drop('Insights'), setting('disabled'))).toEqual([]);
  });

  test('fail without one, also where the account decides whether there are any', () => {
    expect(judge(drop('Insights'))).toEqual(WRONG);
    expect(judge(called('/aws/ecs/containerinsights/other/performance'))).toEqual(WRONG);
    expect(judge(drop('Insights'), setting('enhanced'))).toEqual(WRONG);
    expect(judge(drop('Insights'), unset('Cluster', 'Properties.ClusterSettings'))).toEqual(WRONG);
    expect(after(({ service }) => resourceOf(service.cluster).addPropertyOverride('ClusterSettings.0.Value', 'enabled'))).toEqual([
      'fail ServiceCluster ClusterSettings containerInsights',
    ]);
  });

  test('are unresolved where the templates do not settle whether there are any', () => {
    const open = ['unresolved Cluster ClusterSettings containerInsights'];
    expect(judge(setting({ 'Fn::If': ['C', 'enabled', 'disabled'] }))).toEqual(open);
    expect(judge(drop('Insights'), setting({ Ref: 'Any' }))).toEqual(open);
  });
});

describe('whatever writes logs', () => {
  const flowLog = (properties: Record<string, unknown>) => judge(add('Flow', 'AWS::EC2::FlowLog', properties));
  const attributes = (bucket: unknown) => ({ LoadBalancerAttributes: [{ Key: 'access_logs.s3.enabled', Value: 'true' }, { Key: 'access_logs.s3.bucket', Value: bucket }] });
  const filter = (properties: Record<string, unknown>) => judge(add('Filter', 'AWS::Logs::SubscriptionFilter', properties));
  const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

  test('writes flow logs into a store of the assembly', () => {
    expect(flowLog({ LogGroupName: { Ref: 'FunctionLog' } })).toEqual([]);
    expect(flowLog({ LogDestination: { 'Fn::Join': ['', [arnOf('Bucket'), '/flows/']] } })).toEqual([]);
    expect(flowLog({ LogDestination: { 'Fn::Sub': 'arn:aws:logs:eu-west-2:${AWS::AccountId}:log-group:${FunctionLog}' } })).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['LogGroupName', 'a-bare-name'],
    ['LogGroupName', '/aws/rds/instance/halton-hosted/postgresql'],
    ['LogGroupName', { 'Fn::Sub': 'elsewhere-${FunctionLog}' }],
    ['LogDestination', 'arn:aws:logs:eu-west-2:999988887777:log-group:theirs'],
    ['LogDestination', 'arn:aws:s3:::their-bucket'],
    ['LogDestination', arnOf('Function')],
  ])('does not write flow logs elsewhere: %s %j', (property, value) => {
    expect(flowLog({ [property]: value })).toEqual([`fail Flow Properties.${property}`]);
  });

  test('says where flow logs go', () => {
    expect(flowLog({})).toEqual(['fail Flow log destinations']);
    expect(flowLog({ LogGroupName: { 'Fn::If': ['C', { Ref: 'FunctionLog' }, 'x'] } })).toContain('fail Flow Properties.LogGroupName.Fn::If.2');
  });

  test('keeps what a load balancer and a firewall write in stores tagged for it', () => {
    const balancer = (bucket: unknown, ...edits: readonly Edit[]) => judge(add('Balancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer', attributes(bucket)), ...edits);
    const firewall = (store: unknown, ...edits: readonly Edit[]) => judge(add('Logging', 'AWS::WAFv2::LoggingConfiguration', { LogDestinationConfigs: [store] }), ...edits);
    const untagged = set('Bucket', 'Properties.Tags', tags('no'));
    expect(balancer({ Ref: 'Bucket' })).toEqual([]);
    expect(balancer({ Ref: 'Bucket' }, untagged)).toEqual(['fail Balancer Properties.LoadBalancerAttributes.1.Value']);
    expect(balancer('their-bucket')).toEqual(['fail Balancer Properties.LoadBalancerAttributes.1.Value']);
    expect(firewall(arnOf('Bucket'))).toEqual([]);
    expect(firewall(arnOf('Bucket'), untagged)).toEqual(['fail Logging Properties.LogDestinationConfigs.0']);
    expect(firewall(arnOf('FunctionLog'))).toEqual(['fail Logging Properties.LogDestinationConfigs.0']);
  });

  test('keeps the log of a task in a group of the assembly that is tagged for it', () => {
    const task = (LogConfiguration: unknown) => judge(add('Other', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ LogConfiguration }] }));
    expect(task({ LogDriver: 'awslogs', Options: { 'awslogs-group': { Ref: 'DatabaseLog' } } })).toEqual([]);
    expect(task({ LogDriver: 'awslogs', Options: { 'awslogs-group': { Ref: 'FunctionLog' } } })).toEqual([
      'fail Other Properties.ContainerDefinitions.0.LogConfiguration.Options.awslogs-group',
    ]);
    expect(judge(set('TaskLog', 'Properties.Tags', tags('no')), set('TaskLog', 'Properties.RetentionInDays', 3653))).toEqual([
      'fail Task Properties.ContainerDefinitions.0.LogConfiguration.Options.awslogs-group',
    ]);
    expect(task({ LogDriver: 'awslogs', Options: { 'awslogs-group': 'a-bare-name', 'awslogs-create-group': 'true' } })).toEqual([
      'fail Other Properties.ContainerDefinitions.0.LogConfiguration.Options.awslogs-group',
    ]);
    expect(task({ LogDriver: 'splunk' })).toEqual(['fail Other Properties.ContainerDefinitions.0.LogConfiguration.LogDriver']);
  });

  test('keeps what a service\'s proxy and a shell in a task write in stores tagged for it', () => {
    const PROXY = 'ServiceConnectConfiguration.LogConfiguration';
    const proxy = (LogDriver: string, Options: unknown) => judge(set('Service', `Properties.${PROXY}`, { LogDriver, Options }));
    expect(proxy('awslogs', { 'awslogs-group': { Ref: 'TaskLog' } })).toEqual([]);
    expect(proxy('awslogs', { 'awslogs-group': { Ref: 'Insights' } })).toEqual([`fail Service Properties.${PROXY}.Options.awslogs-group`]);
    expect(proxy('splunk', {})).toEqual([`fail Service Properties.${PROXY}.LogDriver`]);
    const SHELL = 'Configuration.ExecuteCommandConfiguration.LogConfiguration';
    const shell = (name: string, value: unknown) => judge(set('Cluster', `Properties.${SHELL}.${name}`, value));
    expect(shell('CloudWatchLogGroupName', { Ref: 'TaskLog' })).toEqual([]);
    expect(shell('CloudWatchLogGroupName', { Ref: 'Insights' })).toEqual([`fail Cluster Properties.${SHELL}.CloudWatchLogGroupName`]);
    expect(shell('S3BucketName', 'their-bucket')).toEqual([`fail Cluster Properties.${SHELL}.S3BucketName`]);
  });

  test('hands workspace data on inside the assembly only', () => {
    const outside = 'arn:aws:logs:eu-west-2:999988887777:destination:siem';
    const wrong = ['fail Filter Properties.DestinationArn'];
    expect(filter({ LogGroupName: { Ref: 'FunctionLog' }, DestinationArn: outside })).toEqual([]);
    expect(filter({ LogGroupName: { Ref: 'DatabaseLog' }, DestinationArn: outside })).toEqual(wrong);
    expect(filter({ LogGroupName: '/aws/rds/instance/halton-hosted/postgresql', DestinationArn: outside })).toEqual(wrong);
    expect(filter({ LogGroupName: 'somebody-elses', DestinationArn: outside })).toEqual(wrong);
    expect(filter({ LogGroupName: { Ref: 'DatabaseLog' }, DestinationArn: arnOf('Function') })).toEqual([]);
  });
});
