import { factsOf } from '../../../support/assembly.ts';

const document = (...Statement: unknown[]) => ({ PolicyDocument: { Statement } });
const read = { Effect: 'Allow', Action: 'ssm:GetParameter', Resource: ['a', 'b'], Condition: { StringEquals: { 'kms:ViaService': 'x' } } };
const policy = (properties: Readonly<Record<string, unknown>>, type = 'Policy') => ({ Type: `AWS::IAM::${type}`, Properties: properties });

/** The statements of the role `Role`, beside whatever else a test declares. */
function statementsOf(role: Readonly<Record<string, unknown>>, others: Readonly<Record<string, unknown>> = {}) {
  const { roles } = factsOf({ service: { Resources: { Role: { Type: 'AWS::IAM::Role', Properties: role }, ...others } } });
  return roles.find(({ logicalId }) => logicalId === 'Role')?.statements;
}

test('a statement says what it allows, on what, and where it stands', () => {
  expect(statementsOf({ Policies: [document(read)] })).toEqual([
    {
      id: 'service/Role',
      path: 'Policies.0.PolicyDocument.Statement.0',
      effect: { is: 'known', value: 'Allow' },
      actions: { is: 'known', value: ['ssm:GetParameter'] },
      resources: { is: 'known', value: ['a', 'b'] },
      conditions: { is: 'known', value: [{ operator: 'StringEquals', key: 'kms:ViaService', values: { is: 'known', value: ['x'] } }] },
      principals: { is: 'absent' },
    },
  ]);
});

test('a statement may stand alone, and without actions or resources it says everything but', () => {
  expect(statementsOf({ Policies: [{ PolicyDocument: { Statement: { Effect: 'Allow', NotAction: 'x', NotResource: 'y' } } }] })).toMatchObject([
    { path: 'Policies.0.PolicyDocument.Statement', actions: { is: 'absent' }, resources: { is: 'absent' }, conditions: { is: 'absent' } },
  ]);
});

test.each(['Policy', 'ManagedPolicy'])('a separate %s counts for the roles that it names', (type) => {
  const Roles = [{ Ref: 'Role' }];
  expect(statementsOf({}, { P: policy({ Roles, ...document(read) }, type) })).toMatchObject([{ id: 'service/P', path: 'PolicyDocument.Statement.0' }]);
  expect(statementsOf({}, { P: policy({ Roles: [{ Ref: 'Other' }], ...document(read) }, type), Other: { Type: 'AWS::IAM::Role' } })).toEqual([]);
});

test('a managed policy counts for a role that names it, and one from elsewhere stands with nothing known', () => {
  expect(statementsOf({ ManagedPolicyArns: [{ Ref: 'P' }] }, { P: policy(document(read), 'ManagedPolicy') })).toMatchObject([{ id: 'service/P', effect: { value: 'Allow' } }]);
  expect(statementsOf({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] })).toMatchObject([{ path: 'ManagedPolicyArns.0', effect: { is: 'outside' } }]);
});

test.each<[string, unknown, string]>([
  ['a parameter', [{ Ref: 'Parameter' }], 'unresolved'],
  ['a condition', { 'Fn::If': ['C', [], []] }, 'unresolved'],
  ['a name that may be the role\'s', ['service-Role-1234'], 'outside'],
])('a policy for %s counts for every role, with nothing known', (_, Roles, is) => {
  expect(statementsOf({}, { P: policy({ Roles, ...document(read) }) })).toMatchObject([{ id: 'service/P', path: 'Roles', effect: { is }, actions: { is } }]);
});

test.each([{ 'Fn::If': ['C', [], []] }, 'text', [null], [['x']]])('statements of %j stand with nothing known', (Statement) => {
  expect(statementsOf({ Policies: [{ PolicyDocument: { Statement } }] })).toMatchObject([{ effect: { is: 'unresolved' }, actions: { is: 'unresolved' } }]);
});

test('conditions that cannot be read are unresolved', () => {
  const conditionsOf = (Condition: unknown) => statementsOf({ Policies: [document({ ...read, Condition })] })?.[0]?.conditions;
  expect(conditionsOf({ 'Fn::If': ['C', {}, {}] })).toMatchObject({ is: 'unresolved' });
  expect(conditionsOf({ StringEquals: 'x' })).toMatchObject({ is: 'unresolved' });
  expect(conditionsOf({ StringEquals: { key: { Ref: 'Nowhere' } } })).toMatchObject({ value: [{ values: { is: 'unresolved' } }] });
});

test('a role says within which policy it is bounded', () => {
  const PermissionsBoundary = 'arn:aws:iam::123456789012:policy/boundary';
  const { roles } = factsOf({ service: { Resources: { A: { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary } }, B: { Type: 'AWS::IAM::Role' } } } });
  expect(roles.map(({ permissionsBoundary }) => permissionsBoundary)).toEqual([{ is: 'known', value: PermissionsBoundary }, { is: 'absent' }]);
});
