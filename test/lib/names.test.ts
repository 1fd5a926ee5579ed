import type { Template } from 'aws-cdk-lib/assertions';
import { hosted, templatesOf } from '../support/deployments.ts';

/** Properties that give a resource a physical name, for the types that a deployment uses. */
const NAMING = /^(BucketName|DBInstanceIdentifier|DBParameterGroupName|DBSubnetGroupName|FunctionName|GroupName|LogGroupName|ManagedPolicyName|RoleName|AliasName|Name)$/;

interface Named {
  readonly id: string;
  readonly type: string;
  readonly name: string;
}

/** Every physical name that a template fixes; one made of a reference is CloudFormation's to make. */
function physicalNames(template: Template): Named[] {
  const { Resources } = template.toJSON() as { Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }> };
  return Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
    Type.startsWith('Custom::')
      ? []
      : Object.entries(Properties ?? {})
          .filter(([property, value]) => NAMING.test(property) && typeof value === 'string')
          .map(([, value]) => ({ id, type: Type, name: String(value) })),
  );
}

const all = (templates: ReturnType<typeof templatesOf>) => Object.values(templates).flatMap(physicalNames);

test('the database instance, the log groups that follow from it and the one that WAF names are all that has a physical name', () => {
  expect(all(templatesOf()).map(({ type, name }) => `${type} ${name}`).toSorted()).toEqual([
    'AWS::Logs::LogGroup /aws/rds/instance/halton-hosted/postgresql',
    'AWS::Logs::LogGroup /aws/rds/instance/halton-hosted/upgrade',
    'AWS::Logs::LogGroup aws-waf-logs-halton-hosted',
    'AWS::RDS::DBInstance halton-hosted',
  ]);
});

test('two deployments in one account share no name, path or export', () => {
  const [first, second] = [hosted, { ...hosted, name: 'second' }].map((deployment) => templatesOf(deployment));
  const names = (templates: ReturnType<typeof templatesOf> | undefined) => (templates === undefined ? [] : all(templates).map(({ name }) => name));
  expect(names(first).filter((name) => names(second).includes(name))).toEqual([]);
  expect(JSON.stringify(Object.values(second ?? {}).map((template) => template.toJSON()))).not.toMatch(/hosted(?!")|halton-hosted|\/hosted\//);
});
