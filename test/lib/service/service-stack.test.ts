import { Match } from 'aws-cdk-lib/assertions';
import { secrets } from '../../../lib/secrets/table.ts';
import { hosted, resources, templatesOf } from '../../support/deployments.ts';

const { service } = templatesOf();
const of = (type: string) => Object.values(resources(service, type)).map(({ Properties }) => Properties);

/** The resource of a type whose logical id begins so. */
function called(type: string, prefix: string): { readonly Properties: Record<string, unknown> } {
  const found = Object.entries(resources(service, type)).find(([id]) => id.startsWith(prefix));
  if (found === undefined) throw new Error(`no ${type} is called ${prefix}`);
  return found[1];
}

describe('the entrance', () => {
  test('takes TLS 1.3 alone, with post-quantum key agreement, and sends HSTS that is eligible for preloading', () => {
    service.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09',
      ListenerAttributes: [
        { Key: 'routing.http.response.strict_transport_security.header_value', Value: 'max-age=63072000; includeSubDomains; preload' },
      ],
    });
  });

  test('redirects plain HTTP and forwards none of it', () => {
    service.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 2);
    service.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
    });
    service.resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 0);
  });

  test('drops invalid headers, is protected from deletion and logs every access', () => {
    service.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internet-facing',
      LoadBalancerAttributes: Match.arrayWith([
        { Key: 'deletion_protection.enabled', Value: 'true' },
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
        { Key: 'access_logs.s3.enabled', Value: 'true' },
      ]),
    });
  });

  test('speaks HTTPS to the tasks and asks them whether they are ready', () => {
    service.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Protocol: 'HTTPS',
      Port: 8443,
      TargetType: 'ip',
      HealthCheckPath: '/readyz',
      HealthCheckProtocol: 'HTTPS',
    });
  });

  test('requests its certificate where the deployment has none, and has no record where it has no zone', () => {
    service.hasResourceProperties('AWS::CertificateManager::Certificate', { DomainName: hosted.service.domainName, ValidationMethod: 'DNS' });
    service.resourceCountIs('AWS::Route53::RecordSet', 0);
    const { service: zoned } = templatesOf({
      ...hosted,
      service: { ...hosted.service, hostedZone: { id: 'Z0123456789ABCDEFGHIJ', name: 'haltonmeter.com' } },
    });
    zoned.hasResourceProperties('AWS::Route53::RecordSet', { Name: `${hosted.service.domainName}.`, Type: 'A' });
  });
});

describe('the tasks', () => {
  test('run on arm64 with a read-only root, and hold no secret in their environment', () => {
    const definitions = of('AWS::ECS::TaskDefinition');
    expect(definitions).toHaveLength(2);
    for (const { RuntimePlatform, ContainerDefinitions } of definitions) {
      expect(RuntimePlatform).toEqual({ CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' });
      for (const container of ContainerDefinitions as Record<string, unknown>[]) {
        expect(container).toMatchObject({ ReadonlyRootFilesystem: true });
        expect(container['Secrets']).toBeUndefined();
        expect(container['Privileged']).toBeUndefined();
      }
    }
  });

  test('read the secrets that the table gives them, under the deployment\'s key, and no others', () => {
    for (const [id, reader] of [['ApiSecrets', 'api'], ['MigrateSecrets', 'migrations']] as const) {
      const policy = called('AWS::IAM::ManagedPolicy', id);
      const { Statement } = policy.Properties['PolicyDocument'] as { Statement: { Action: unknown; Resource: unknown[]; Condition?: unknown }[] };
      const read = Statement[0]?.Resource.map((resource) => /parameter\/halton\/hosted\/([a-z/-]+)/.exec(JSON.stringify(resource))?.[1]);
      expect(read?.toSorted()).toEqual(secrets.filter(({ readers }) => readers.includes(reader)).map(({ name }) => name).toSorted());
      expect(Statement[1]).toMatchObject({ Action: 'kms:Decrypt', Condition: { StringEquals: { 'kms:ViaService': 'ssm.eu-west-2.amazonaws.com' } } });
    }
  });

  test('have no public address and no way in for a shell, and go back by themselves when a release does not start', () => {
    service.hasResourceProperties('AWS::ECS::Service', {
      EnableExecuteCommand: false,
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
      },
      AvailabilityZoneRebalancing: 'ENABLED',
    });
  });

  test('are at least two, and as many more as the load asks for', () => {
    service.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: hosted.service.maxTasks });
  });

  test('take traffic on a new schema only after its migrations, and never before the firewall', () => {
    const [ecsService] = Object.values(resources(service, 'AWS::ECS::Service'));
    expect(ecsService?.['DependsOn']).toEqual(
      expect.arrayContaining([...Object.keys(service.findResources('Custom::Migrations')), ...Object.keys(service.findResources('AWS::WAFv2::WebACLAssociation'))]),
    );
  });
});

describe('the migrations', () => {
  test('run in private subnets as the tasks do, with the task definition of this release', () => {
    service.hasResourceProperties('Custom::Migrations', {
      TaskDefinition: { Ref: Match.stringLikeRegexp('^MigrateDefinition') },
      Container: 'migrations',
      Deployment: 'hosted',
    });
  });

  test('may be started with their own two roles, on this cluster alone', () => {
    const text = JSON.stringify(called('AWS::IAM::ManagedPolicy', 'MigrationsStartPolicy').Properties['PolicyDocument']);
    expect(text).toContain('"iam:PassedToService":"ecs-tasks.amazonaws.com"');
    expect(text.match(/"ecs:cluster"/g)).toHaveLength(2);
  });
});

test('every function runs Node 24 on arm64', () => {
  const functions = of('AWS::Lambda::Function');
  expect(functions).toHaveLength(5);
  for (const properties of functions) expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
});

test('every log group is encrypted and expires, the tasks\' within a week', () => {
  for (const { KmsKeyId, RetentionInDays } of of('AWS::Logs::LogGroup')) {
    expect(KmsKeyId).toBeDefined();
    expect(RetentionInDays).toEqual(expect.any(Number));
  }
  expect(called('AWS::Logs::LogGroup', 'TaskLogGroup').Properties['RetentionInDays']).toBe(7);
});
