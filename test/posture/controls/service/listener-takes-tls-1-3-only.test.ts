import { CfnResource } from 'aws-cdk-lib';
import { listenerTakesTls13Only, TLS_1_3_POLICIES } from '../../../../posture/controls/service/listener-takes-tls-1-3-only.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, drop, judging, section, SERVICE, set, unset } from '../../../support/fixtures.ts';

const judge = judging(listenerTakesTls13Only);
const after = judgingAfter(listenerTakesTls13Only);
const policy = (value: unknown) => judge(set('Https', 'Properties.SslPolicy', value));

test.each(TLS_1_3_POLICIES)('passes on %s', (value) => {
  expect(policy(value)).toEqual([]);
});

test('passes on HTTPS at another port, and leaves plain HTTP to the control that wants it redirected', () => {
  expect(judge(copy('Https', 'Second', { Port: 8443 }))).toEqual([]);
  expect(judge(drop('Http'))).toEqual([]);
});

test.each([
  undefined,
  'ELBSecurityPolicy-2016-08',
  'ELBSecurityPolicy-TLS-1-2-2017-01',
  'ELBSecurityPolicy-TLS13-1-2-2021-06',
  'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
  'ELBSecurityPolicy-TLS13-1-2-RFC9151-FIPS-2023-07',
  'ELBSecurityPolicy-TLS13-1-3',
  'ELBSecurityPolicy-TLS13-1-3-2031-06',
  'elbsecuritypolicy-tls13-1-3-2021-06',
])('fails on %j', (value) => {
  expect(policy(value)).toEqual(['fail Https SslPolicy']);
});

test.each(['TLS', 'TCP', 'TCP_UDP', 'UDP', 'QUIC', undefined])('fails on a listener that speaks %j, whatever its policy', (Protocol) => {
  expect(judge(copy('Https', 'Second', { Protocol }))).toEqual(['fail Second Protocol']);
});

test('fails on a second listener that is older than the first, at any port', () => {
  expect(judge(copy('Https', 'Second', { Port: 8443, SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' }))).toEqual(['fail Second SslPolicy']);
});

test('fails without a certificate', () => {
  expect(judge(unset('Https', 'Properties.Certificates'))).toEqual(['fail Https Certificates']);
  expect(judge(set('Https', 'Properties.Certificates', []))).toEqual(['fail Https Certificates']);
});

test('fails where no listener takes HTTPS', () => {
  expect(judge(drop('Https'))).toEqual([`fail ${DATA} HTTPS listeners`]);
  expect(judge(set('Https', 'Properties.Protocol', 'HTTP'))).toEqual([`fail ${DATA} HTTPS listeners`]);
});

test.each([
  'AWS::ElasticLoadBalancing::LoadBalancer',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::CloudFront::Distribution',
  'AWS::AppRunner::Service',
  'AWS::Lambda::Url',
  'AWS::ECS::ExpressGatewayService',
  'AWS::EC2::VPCEndpointService',
  'AWS::GlobalAccelerator::Accelerator',
])('fails on another entrance, a resource of type %s', (type) => {
  expect(judge(add('Other', type, {}, { stack: SERVICE }))).toEqual(['fail Other Type']);
});

test('fails where a construct is changed after it was made right', () => {
  expect(after(({ service }) => resourceOf(service.https).addPropertyOverride('SslPolicy', 'ELBSecurityPolicy-TLS13-1-2-2021-06'))).toEqual([
    expect.stringMatching(/^fail \w*Https\w* SslPolicy$/),
  ]);
  expect(after(({ service }) => resourceOf(service.https).addPropertyDeletionOverride('SslPolicy'))).toEqual([
    expect.stringMatching(/^fail \w*Https\w* SslPolicy$/),
  ]);
  expect(
    after((_, stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::ElasticLoadBalancingV2::Listener', properties: { Protocol: 'TLS', Port: 443 } });
      new CfnResource(stack, 'Classic', { type: 'AWS::ElasticLoadBalancing::LoadBalancer' });
    }),
  ).toEqual(['fail Raw Protocol', 'fail Raw SslPolicy', 'fail Raw Certificates', 'fail Classic Type']);
});

test('is unresolved where the templates do not settle protocol, policy or certificates', () => {
  const parameter = section(SERVICE, 'Parameters', { Any: { Type: 'String', Default: 'ELBSecurityPolicy-TLS13-1-3-2021-06' } });
  expect(judge(parameter, set('Https', 'Properties.SslPolicy', { Ref: 'Any' }))).toEqual(['unresolved Https SslPolicy']);
  expect(judge(parameter, set('Https', 'Properties.Protocol', { Ref: 'Any' }))).toEqual([`fail ${DATA} HTTPS listeners`, 'unresolved Https Protocol']);
  expect(judge(set('Https', 'Properties.Certificates', { 'Fn::If': ['C', [], []] }))).toEqual(['unresolved Https Certificates']);
  expect(judge(set('Http', 'Properties.Protocol', { 'Fn::If': ['C', 'HTTP', 'HTTPS'] }))).toContain('unresolved Http Protocol');
});
