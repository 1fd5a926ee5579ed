import { enterprise, hosted, templatesOf } from '../../support/deployments.ts';
import type { Templates } from '../../support/deployments.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Node = Readonly<Record<string, Json>>;

interface Body {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Node }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Json; readonly Export?: { readonly Name: string } }>>;
}

interface Group {
  readonly stack: string;
  readonly name: string;
  /** Logical id of its key, which is in the network's stack. */
  readonly key: string;
}

/** Of whoever deploys, where the deployment file names no account. */
const ACCOUNT = '123456789012';
const pseudo: Readonly<Record<string, string>> = { 'AWS::Partition': 'aws', 'AWS::AccountId': ACCOUNT };

const bodyOf = (templates: Templates, area: keyof Templates) => templates[area].toJSON() as Body;
const isNode = (value: Json | undefined): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text as CloudFormation resolves it, in a stack of this name. */
function resolved(value: Json | undefined, stack: string): string {
  if (typeof value === 'string') return value;
  const reference = isNode(value) ? value['Ref'] : undefined;
  // CloudFormation makes a name of the stack's, the logical id and twelve characters.
  if (typeof reference === 'string') return pseudo[reference] ?? `${stack}-${reference}-AbCdEf012345`;
  const join = isNode(value) ? value['Fn::Join'] : undefined;
  if (Array.isArray(join)) return (join[1] as readonly Json[]).map((part) => resolved(part, stack)).join(String(join[0]));
  throw new Error(`got ${JSON.stringify(value)}, expected a text, a Ref or an Fn::Join of them`);
}

/** The logical id of the resource that an attribute is taken of, also through an export of the network's stack. */
function keyOf(value: Json | undefined, network: Body): string {
  const attribute = isNode(value) ? value['Fn::GetAtt'] : undefined;
  if (Array.isArray(attribute)) return String(attribute[0]);
  const imported = isNode(value) ? value['Fn::ImportValue'] : undefined;
  const exported = Object.values(network.Outputs ?? {}).find(({ Export }) => Export?.Name === imported);
  if (exported === undefined) throw new Error(`got ${JSON.stringify(value)}, expected a key of the network's stack`);
  return keyOf(exported.Value, network);
}

function logGroups(templates: Templates, deployment: string): Group[] {
  const network = bodyOf(templates, 'network');
  return (Object.keys(templates) as (keyof Templates)[]).flatMap((area) => {
    const stack = `halton-${deployment}-${area}`;
    return Object.entries(bodyOf(templates, area).Resources)
      .filter(([, { Type }]) => Type === 'AWS::Logs::LogGroup')
      .map(([id, { Properties = {} }]) => ({ stack, name: resolved(Properties['LogGroupName'] ?? { Ref: id }, stack), key: keyOf(Properties['KmsKeyId'], network) }));
  });
}

/** The ARN patterns of log groups for which a key's policy lets CloudWatch Logs use it. */
function patternsOf(key: string, templates: Templates, deployment: string): readonly string[] {
  const policy = bodyOf(templates, 'network').Resources[key]?.Properties?.['KeyPolicy'] as { Statement: { Condition?: { ArnLike?: Node } }[] };
  const patterns = policy.Statement.flatMap(({ Condition }) => Condition?.ArnLike?.['kms:EncryptionContext:aws:logs:arn'] ?? []) as readonly Json[];
  return patterns.map((pattern) => resolved(pattern, `halton-${deployment}-network`));
}

/** As IAM's ArnLike has it for these patterns, in which nothing but `*` and `.` means anything to a regular expression. */
const matches = (pattern: string, arn: string) => new RegExp(`^${pattern.replaceAll('.', String.raw`\.`).replaceAll('*', '.*')}$`).test(arn);

describe.each([['hosted', hosted], ['enterprise', enterprise]])('the key of the logs of the %s deployment', (name, deployment) => {
  const templates = templatesOf({ ...deployment, database: { ...deployment.database, readReplica: true } });
  const groups = logGroups(templates, name);

  test('lies over every log group, the one of Container Insights included', () => {
    expect(groups.length).toBeGreaterThan(10);
    expect(groups.map((group) => group.name)).toContain(`/aws/ecs/containerinsights/halton-${name}-service-ClusterEB0386A7-AbCdEf012345/performance`);
  });

  const { region, account = ACCOUNT } = deployment;
  const admitting = (key: string, group: string) =>
    patternsOf(key, templates, name).filter((pattern) => matches(pattern, `arn:aws:logs:${region}:${account}:log-group:${group}`));

  test.each(groups)('lets CloudWatch Logs use it for $name', (group) => {
    expect(admitting(group.key, group.name)).toHaveLength(1);
  });

  test.each(['/aws/ecs/containerinsights/halton-other-service-Cluster/performance', 'halton-other-service-TaskLogGroup', '/aws/lambda/anything'])('is of no use for %s', (other) => {
    for (const { key } of groups) expect(admitting(key, other)).toEqual([]);
  });
});
