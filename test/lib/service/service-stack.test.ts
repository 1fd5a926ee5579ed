import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { readServerConfig } from '../../../api/src/config.ts';
import type { Deployment } from '../../../lib/deployment/schema.ts';
import { secrets } from '../../../lib/secrets/table.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { enterprise, hosted, resources, templatesOf } from '../../support/deployments.ts';

const { service } = templatesOf();
const of = (type: string) => Object.values(resources(service, type)).map(({ Properties }) => Properties);

/** The resource of a type whose logical id begins so. */
function called(type: string, prefix: string): { readonly Properties: Record<string, unknown> } {
  const found = Object.entries(resources(service, type)).find(([id]) => id.startsWith(prefix));
  if (found === undefined) throw new Error(`no ${type} is called ${prefix}`);
  return found[1];
}

/** The variables of the API's container. */
function apiEnvironment(deployment: Deployment): Record<string, string> {
  const definitions = Object.values(resources(templatesOf(deployment).service, 'AWS::ECS::TaskDefinition'));
  const containers = definitions.flatMap(({ Properties }) => Properties['ContainerDefinitions'] as { Name: string; Environment: { Name: string; Value: string }[] }[]);
  const { Environment = [] } = containers.find(({ Name }) => Name === 'api') ?? {};
  return Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value]));
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

  test('speaks HTTPS to the tasks and asks them whether they live, which does not hang on the database', () => {
    service.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Protocol: 'HTTPS',
      Port: 8443,
      TargetType: 'ip',
      HealthCheckPath: '/healthz',
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
  test('run on arm64 with a read-only root, as the image\'s own user, and hold no secret in their environment', () => {
    const definitions = of('AWS::ECS::TaskDefinition');
    expect(definitions).toHaveLength(3);
    for (const { RuntimePlatform, ContainerDefinitions } of definitions) {
      expect(RuntimePlatform).toEqual({ CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' });
      for (const container of ContainerDefinitions as Record<string, unknown>[]) {
        expect(container).toMatchObject({ ReadonlyRootFilesystem: true, User: '65532' });
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

  test('are at least two, and as many more as the load asks for, which no deployment takes back', () => {
    service.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: hosted.service.maxTasks });
    service.hasResourceProperties('AWS::ECS::Service', { DesiredCount: Match.absent() });
  });

  test('that do not listen in time are replaced, which the load balancer finds out soon after their minute of grace', () => {
    service.hasResourceProperties('AWS::ECS::Service', { HealthCheckGracePeriodSeconds: 60 });
    service.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { HealthCheckIntervalSeconds: 10, UnhealthyThresholdCount: 3 });
  });

  test.each([['hosted', hosted], ['enterprise', enterprise]])('are told of the identity provider what the file of the %s deployment says, as the server reads it', (_, deployment) => {
    const { identity } = deployment;
    const { identity: read } = readServerConfig({ ...apiEnvironment(deployment), AWS_REGION: deployment.region });
    expect(read.authorizedParty).toBe(identity.authorizedParty);
    expect(read.issuer).toBe(identity.issuer);
    const pinned = 'publicKey' in read.keys ? read.keys.publicKey.export({ type: 'spki', format: 'pem' }) : undefined;
    expect({ jwksUrl: 'jwksUrl' in read.keys ? read.keys.jwksUrl : undefined, publicKey: pinned }).toEqual({ jwksUrl: identity.jwksUrl, publicKey: identity.publicKey });
  });
});

describe('the migrations', () => {
  /** What CloudFormation compares to tell whether the resource has to be updated: a task definition that changes is a new one. */
  const compared = (deployment: Deployment) => {
    const { service: template } = templatesOf(deployment);
    const { ServiceToken: _, ...properties } = Object.values(resources(template, 'Custom::Migrations'))[0]?.Properties ?? {};
    const { Ref } = properties['TaskDefinition'] as { Ref: string };
    return JSON.stringify([properties, resources(template, 'AWS::ECS::TaskDefinition')[Ref]?.Properties]);
  };
  const imaged = (image: string) => compared({ ...enterprise, service: { ...enterprise.service, image } });
  const IMAGE = '111122223333.dkr.ecr.eu-central-1.amazonaws.com/halton-api';

  test('run again when the image changes, and not when nothing does', () => {
    expect(imaged(`${IMAGE}:1.0.0`)).not.toBe(imaged(`${IMAGE}:1.0.1`));
    expect(imaged(`${IMAGE}:1.0.0`)).toBe(imaged(`${IMAGE}:1.0.0`));
  });

  test('run again with every release, and with every change of a migration where the image is built here', () => {
    service.hasResourceProperties('Custom::Migrations', { Release: packageJson.version });
    const built = JSON.stringify(of('AWS::ECS::TaskDefinition').map(({ ContainerDefinitions }) => ContainerDefinitions));
    // Named by the digest of what it is built from, which the migrations are part of.
    expect(built.match(/container-assets-[^"]*:[0-9a-f]{64}/g)).toHaveLength(3);
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(ignored).toContain('!db');
    expect(ignored).not.toContain('db/migrations');
  });

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
