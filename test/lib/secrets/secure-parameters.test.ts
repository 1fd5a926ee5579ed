import { resources, templatesOf } from '../../support/deployments.ts';
import { secrets } from '../../../lib/secrets/table.ts';

const { network, data } = templatesOf();

const only = <Item>(items: readonly Item[]): Item => {
  expect(items).toHaveLength(1);
  return items[0] as Item;
};

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** Statements of the managed policies whose logical id begins so. */
function statements(template: typeof data, prefix: string): Statement[] {
  return Object.entries(resources(template, 'AWS::IAM::ManagedPolicy'))
    .filter(([id]) => id.startsWith(prefix))
    .flatMap(([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
}

describe('the secrets of a deployment', () => {
  test('are all kept by custom resources, and every one of the table by exactly one', () => {
    const parameters = only(Object.values(resources(data, 'Custom::SecureParameters'))).Properties['Parameters'] as { Name: string }[];
    const url = only(Object.values(resources(data, 'Custom::DatabaseUrl'))).Properties['Name'] as string;
    expect([...parameters.map(({ Name }) => Name), url].toSorted()).toEqual(secrets.map(({ name }) => name).toSorted());
  });

  test('leave no parameter in plain text and nothing in Secrets Manager', () => {
    for (const template of [network, data]) {
      template.resourceCountIs('AWS::SSM::Parameter', 0);
      expect(JSON.stringify(template.toJSON())).not.toContain('AWS::SecretsManager');
      expect(JSON.stringify(template.toJSON())).not.toContain('resolve:secretsmanager');
    }
  });

  test('are retained when the stack is deleted', () => {
    const { DeleteOnDestroy } = only(Object.values(resources(data, 'Custom::SecureParameters'))).Properties;
    expect(DeleteOnDestroy).toBe('false');
  });
});

describe('the check of what the operator supplies', () => {
  const check = only(Object.entries(resources(network, 'Custom::OperatorSecrets')));

  test('names every secret whose source is the operator', () => {
    expect(check[1].Properties['Names']).toEqual(['clerk/secret-key', 'clerk/webhook-signing-secret']);
  });

  test('comes before every part of the network', () => {
    for (const type of ['AWS::EC2::VPC', 'AWS::EC2::Subnet', 'AWS::EC2::NatGateway', 'AWS::EC2::VPCEndpoint', 'AWS::EC2::EIP']) {
      for (const resource of Object.values(resources(network, type))) {
        expect(resource['DependsOn']).toContain(check[0]);
      }
    }
  });
});

describe('the function that keeps them', () => {
  test('may touch this deployment\'s parameters and no others', () => {
    const touching = [...statements(data, 'Secrets'), ...statements(network, 'OperatorSecrets')].filter(({ Action }) =>
      [Action].flat().some((action) => action.startsWith('ssm:')),
    );
    expect(touching.length).toBeGreaterThan(0);
    for (const { Resource } of touching) {
      for (const resource of [Resource].flat()) expect(JSON.stringify(resource)).toContain(':parameter/halton/hosted/');
    }
  });

  test('may encrypt with the deployment\'s key alone, and decrypt through Parameter Store alone', () => {
    const uses = statements(data, 'Secrets').filter(({ Action }) => [Action].flat().some((action) => /Encrypt|Decrypt/.test(action)));
    expect(uses).toHaveLength(2);
    for (const { Action, Resource, Condition } of uses) {
      expect(Condition?.['StringEquals']).toEqual({ 'kms:ViaService': 'ssm.eu-west-2.amazonaws.com' });
      expect(JSON.stringify(Condition?.['StringLike'])).toContain('kms:EncryptionContext:PARAMETER_ARN');
      if ([Action].flat().includes('kms:Encrypt')) expect(Resource).toEqual({ 'Fn::GetAtt': ['SecretsKey317DCF94', 'Arn'] });
    }
  });

  test('may call no action by a wildcard', () => {
    for (const template of [network, data]) {
      for (const { Properties } of Object.values(resources(template, 'AWS::IAM::ManagedPolicy'))) {
        for (const { Action } of (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement) {
          expect([Action].flat().filter((action) => action.includes('*'))).toEqual([]);
        }
      }
    }
  });

  test('runs Node 24 on arm64, as every function does, and writes to a group that is encrypted and expires', () => {
    for (const { Properties } of Object.values(resources(network, 'AWS::Lambda::Function'))) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: { LogGroup: { Ref: expect.any(String) } },
      });
    }
    expect(Object.keys(network.findResources('AWS::Lambda::Function'))).toHaveLength(3);
    data.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('has no managed policy of AWS on its role, nor has any other role', () => {
    for (const template of [network, data]) {
      for (const { Properties } of Object.values(resources(template, 'AWS::IAM::Role'))) {
        expect(Properties['ManagedPolicyArns']).toBeUndefined();
      }
    }
  });
});
