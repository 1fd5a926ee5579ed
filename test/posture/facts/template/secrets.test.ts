import { factsOf } from '../../../support/assembly.ts';

const key = { KeyArn: { 'Fn::GetAtt': ['Key', 'Arn'] } };
const parametersOf = (resource: unknown) => factsOf({ data: { Resources: { Key: { Type: 'AWS::KMS::Key' }, Secrets: resource } } }).secureParameters;

test('each parameter of the table is a secret under the resource\'s key', () => {
  const parameters = parametersOf({
    Type: 'Custom::SecureParameters',
    Properties: { ...key, Parameters: [{ Name: 'fernet/keys', Source: 'generated', Format: 'fernet-keys' }, { Name: 'clerk/secret-key', Source: 'operator' }] },
  });
  expect(parameters).toMatchObject([
    { id: 'data/Secrets', name: { value: 'fernet/keys' }, source: { value: 'generated' }, key: { value: 'data/Key' }, sslMode: { is: 'absent' } },
    { id: 'data/Secrets', name: { value: 'clerk/secret-key' }, source: { value: 'operator' }, key: { value: 'data/Key' }, sslMode: { is: 'absent' } },
  ]);
});

test('a database URL is derived, and says what its client demands', () => {
  expect(parametersOf({ Type: 'Custom::DatabaseUrl', Properties: { ...key, Name: 'database/url', SslMode: 'verify-full' } })).toMatchObject([
    { name: { value: 'database/url' }, source: { value: 'derived' }, key: { value: 'data/Key' }, sslMode: { value: 'verify-full' } },
  ]);
});

test.each([{ 'Fn::If': ['a', [], []] }, 'fernet/keys', { Name: 'fernet/keys' }])('a table of %j is one secret of which nothing is known', (Parameters) => {
  expect(parametersOf({ Type: 'Custom::SecureParameters', Properties: { ...key, Parameters } })).toMatchObject([{ name: { is: 'unresolved' }, source: { is: 'unresolved' } }]);
});

test('an item that is no object, or whose source is unknown, is unresolved', () => {
  const parameters = parametersOf({ Type: 'Custom::SecureParameters', Properties: { ...key, Parameters: ['fernet/keys', { Name: 'a', Source: 'guessed' }] } });
  expect(parameters).toMatchObject([{ name: { is: 'unresolved' } }, { name: { value: 'a' }, source: { is: 'unresolved' } }]);
});

test('a key that is given by a text is outside, and none is absent', () => {
  const keyOf = (KeyArn: unknown) => parametersOf({ Type: 'Custom::DatabaseUrl', Properties: { KeyArn } })[0]?.key;
  expect(keyOf('arn:aws:kms:eu-west-2:123456789012:key/11111111-2222-3333-4444-555555555555')).toMatchObject({ is: 'outside' });
  expect(keyOf(undefined)).toEqual({ is: 'absent' });
});
