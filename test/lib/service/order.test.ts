import type { Template } from 'aws-cdk-lib/assertions';
import { enterprise, hosted, templatesOf } from '../../support/deployments.ts';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
}

/** A stack's resources, and what CloudFormation makes before each: what it names, what it refers to, and what these need. */
class Order {
  readonly resources: Readonly<Record<string, Resource>>;

  constructor(template: Template) {
    this.resources = (template.toJSON() as { Resources: Record<string, Resource> }).Resources;
  }

  /** The one resource of a type, whose logical id begins so. */
  one(type: string, prefix = ''): string {
    const [found, ...others] = this.all(type).filter((id) => id.startsWith(prefix));
    if (found === undefined || others.length > 0) throw new Error(`expected one ${type} ${prefix}…, got ${[found, ...others].join(', ')}`);
    return found;
  }

  all(type: string): readonly string[] {
    return Object.keys(this.resources).filter((id) => this.resources[id]?.Type === type);
  }

  before(id: string): ReadonlySet<string> {
    const found = new Set<string>();
    const pending = [id];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const needed of this.#needs(next).filter((other) => !found.has(other))) {
        found.add(needed);
        pending.push(needed);
      }
    }
    return found;
  }

  #needs(id: string): readonly string[] {
    const { DependsOn = [], ...resource } = this.resources[id] ?? {};
    const text = JSON.stringify(resource);
    const named = [...text.matchAll(/"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"/g)].map(([, ref, attribute]) => ref ?? attribute ?? '');
    return [...DependsOn, ...named].filter((other) => Object.hasOwn(this.resources, other));
  }

  /** The policies that hang on a task definition's roles. */
  policiesOf(definition: string): readonly string[] {
    const { TaskRoleArn, ExecutionRoleArn } = this.resources[definition]?.Properties ?? {};
    const roles = [TaskRoleArn, ExecutionRoleArn].map((role) => (role as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0]);
    return [...this.all('AWS::IAM::Policy'), ...this.all('AWS::IAM::ManagedPolicy')].filter((id) =>
      roles.some((role) => JSON.stringify(this.resources[id]?.Properties?.['Roles']).includes(`"${role}"`)),
    );
  }
}

describe.each([['hosted', hosted], ['enterprise', enterprise]])('in the %s deployment', (_, deployment) => {
  const order = new Order(templatesOf(deployment).service);

  describe.each([
    ['migrations', 'Custom::Migrations', 'MigrateDefinition', 'MigrateSecrets'],
    ['service', 'AWS::ECS::Service', 'ApiDefinition', 'ApiSecrets'],
  ])('before the %s start a task', (_name, type, definition, secrets) => {
    const starting = order.one(type);
    const before = order.before(starting);

    test('its roles may pull its image, write its log and read its secrets', () => {
      const policies = order.policiesOf(order.one('AWS::ECS::TaskDefinition', definition));
      expect(policies).toEqual(expect.arrayContaining([order.one('AWS::IAM::Policy', 'ExecutionRoleDefaultPolicy'), order.one('AWS::IAM::ManagedPolicy', secrets)]));
      expect(policies.filter((policy) => !before.has(policy))).toEqual([]);
    });

    test('the group of Container Insights stands, which would otherwise be made unencrypted', () => {
      expect(before).toContain(order.one('AWS::Logs::LogGroup', 'ClusterInsights'));
    });
  });

  test('what a first deployment usually fails on comes before the load balancer, which a roll-back cannot delete', () => {
    const before = order.before(order.one('AWS::ElasticLoadBalancingV2::LoadBalancer'));
    expect([...before]).toEqual(expect.arrayContaining([order.one('Custom::Migrations'), ...order.all('AWS::CertificateManager::Certificate')]));
  });

  test('the tasks take traffic on the schema of their migrations, and never before the firewall', () => {
    expect([...order.before(order.one('AWS::ECS::Service'))]).toEqual(expect.arrayContaining([order.one('Custom::Migrations'), order.one('AWS::WAFv2::WebACLAssociation')]));
  });
});

test('the service’s name leads to it only once scaling has raised the tasks from the one that ECS begins with', () => {
  const zoned = { ...hosted, service: { ...hosted.service, hostedZone: { id: 'Z0123456789ABCDEFGHIJ', name: 'haltonmeter.com' } } };
  const order = new Order(templatesOf(zoned).service);
  expect(order.before(order.one('AWS::Route53::RecordSet', 'DomainRecord'))).toContain(order.one('AWS::ApplicationAutoScaling::ScalableTarget'));
});
