import { factsOf } from '../../../support/assembly.ts';

const ARN = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012:targetgroup/a/b';
const V2 = 'AWS::ElasticLoadBalancingV2';

function facts(resources: Readonly<Record<string, unknown>>) {
  return factsOf({ service: { Resources: { Targets: { Type: `${V2}::TargetGroup`, Properties: { Protocol: 'HTTPS' } }, ...resources } } });
}

const actionOf = (action: unknown) => {
  const { actions } = facts({ L: { Type: `${V2}::Listener`, Properties: { DefaultActions: [action] } } }).listeners[0] ?? {};
  return actions?.is === 'known' ? actions.value[0] : actions;
};

test('a listener says what it speaks, with which policy, certificates and header', () => {
  const { listeners } = facts({
    L: {
      Type: `${V2}::Listener`,
      Properties: {
        Protocol: 'HTTPS',
        SslPolicy: 'P',
        Certificates: [{ CertificateArn: { Ref: 'Targets' } }],
        ListenerAttributes: [{ Key: 'routing.http.response.strict_transport_security.header_value', Value: 'max-age=1' }],
      },
    },
  });
  expect(listeners).toMatchObject([
    {
      id: 'service/L',
      protocol: { value: 'HTTPS' },
      tlsPolicy: { value: 'P' },
      certificates: { value: ['${service/Targets}'] },
      strictTransportSecurity: { value: 'max-age=1' },
      actions: { is: 'absent' },
    },
  ]);
});

test('a forward names its target groups, in one way, the other or both', () => {
  const weighted = { TargetGroups: [{ TargetGroupArn: { Ref: 'Targets' }, Weight: 1 }] };
  const known = { targetGroups: { is: 'known', value: ['service/Targets'] } };
  expect(actionOf({ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } })).toMatchObject(known);
  expect(actionOf({ Type: 'forward', ForwardConfig: weighted })).toMatchObject(known);
  expect(actionOf({ Type: 'forward', TargetGroupArn: { Ref: 'Targets' }, ForwardConfig: weighted })).toMatchObject(known);
});

test('a target group from elsewhere is outside, one that nobody can tell is unresolved', () => {
  expect(actionOf({ TargetGroupArn: ARN })).toMatchObject({ targetGroups: { is: 'outside' } });
  expect(actionOf({ TargetGroupArn: { Ref: 'Targets' }, ForwardConfig: { TargetGroups: [{ TargetGroupArn: ARN }] } })).toMatchObject({ targetGroups: { is: 'outside' } });
  expect(actionOf({ TargetGroupArn: { Ref: 'Nowhere' } })).toMatchObject({ targetGroups: { is: 'unresolved' } });
  expect(actionOf({ 'Fn::If': ['C', {}, {}] })).toMatchObject({ type: { is: 'unresolved' }, targetGroups: { is: 'unresolved' } });
});

test('a rule belongs to a listener', () => {
  const { listenerRules } = facts({
    L: { Type: `${V2}::Listener` },
    R: { Type: `${V2}::ListenerRule`, Properties: { ListenerArn: { Ref: 'L' }, Actions: [{ Type: 'redirect', RedirectConfig: { Port: 443, Host: 'example.com' } }] } },
  });
  const redirect = { type: { value: 'redirect' }, redirectPort: { value: '443' }, redirectHost: { value: 'example.com' } };
  expect(listenerRules).toMatchObject([{ listener: { value: 'service/L' }, actions: { value: [redirect] } }]);
});

test('a target group says what it speaks, and a load balancer who guards it', () => {
  const { targetGroups, loadBalancers } = facts({
    Group: { Type: 'AWS::EC2::SecurityGroup' },
    B: { Type: `${V2}::LoadBalancer`, Properties: { SecurityGroups: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] } },
  });
  expect(targetGroups).toMatchObject([{ protocol: { value: 'HTTPS' }, healthCheckProtocol: { is: 'absent' }, targets: { is: 'absent' } }]);
  expect(loadBalancers).toMatchObject([{ securityGroups: { value: ['service/Group'] } }]);
});

test('a target group counts the targets that it names itself', () => {
  const counted = (Targets: unknown) => facts({ Targets: { Type: `${V2}::TargetGroup`, Properties: { Targets } } }).targetGroups[0]?.targets;
  expect(counted([{ Id: '10.0.0.1' }, { Ref: 'Somewhere' }])).toEqual({ is: 'known', value: 2 });
  expect(counted({ 'Fn::If': ['C', [], []] })).toMatchObject({ is: 'unresolved' });
});
