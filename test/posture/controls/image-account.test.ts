import { deploysIntoAnyAccount } from '../../../posture/controls/network/deploys-into-any-account.ts';
import { whatStops } from '../../support/judged.ts';
import { enterprise } from '../../support/deployments.ts';
import { add, judging, section, set, SERVICE, type Edit } from '../../support/fixtures.ts';

const judge = judging(deploysIntoAnyAccount);
const REGISTRY = '444455556666';
const OTHER = '123456789012';
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];
const deployment = { name: 'hosted', kind: 'hosted', region: 'eu-west-2' };

const declared = (imageAccount: unknown = REGISTRY): Edit => section(SERVICE, 'Metadata', { Halton: { deployment, area: 'service', imageAccount } });
const host = (account = REGISTRY, region = 'eu-west-2') => `${account}.dkr.ecr.${region}.amazonaws.com/api:1.0.0`;
const image = (uri: unknown) => set('Task', 'Properties.ContainerDefinitions.0.Image', uri);
const repository = (account = REGISTRY, region = 'eu-west-2') => `arn:aws:ecr:${region}:${account}:repository/api`;
const pulling = (Resource: unknown = repository(), Action: unknown = PULL): Edit =>
  add('Pulling', 'AWS::IAM::Policy', { Roles: [{ Ref: 'TaskRole' }], PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] } }, { stack: SERVICE });
const wrongImage = ['fail Task Properties.ContainerDefinitions.0.Image'];
const wrongPolicy = ['fail Pulling Properties.PolicyDocument.Statement.0.Resource'];

test('the account that a stack declares for its image may be named to pull it, and nothing else is open', () => {
  expect(judge(declared(), image(host()), pulling())).toEqual([]);
  expect(judge(declared(), image({ 'Fn::Join': ['', [`${REGISTRY}.dkr.ecr.eu-west-2.`, { Ref: 'AWS::URLSuffix' }, '/api:1.0.0']] }))).toEqual([]);
  expect(judge(declared(), pulling([repository()], PULL[0]))).toEqual([]);
});

test('without the declaration, or where it is no text, it may not', () => {
  expect(judge(image(host()))).toEqual(wrongImage);
  expect(judge(declared([REGISTRY]), image(host()))).toEqual(['fail halton-hosted-service Metadata.Halton.imageAccount.0', ...wrongImage]);
});

test.each([
  ['another account than the declared one', host(OTHER)],
  ['another region', host(REGISTRY, 'eu-west-1')],
  ['another account behind it', `${host()}-${OTHER}`],
  ['another host', `registry.example/${REGISTRY}/api:1.0.0`],
])('an image of %s fails', (_, uri) => {
  expect(judge(declared(), image(uri))).toEqual(wrongImage);
});

test.each([
  ['to push', repository(), [...PULL, 'ecr:PutImage']],
  ['to do anything', repository(), 'ecr:*'],
  ['to pull from another account', repository(OTHER), PULL],
  ['to pull from another region', repository(REGISTRY, 'eu-west-1'), PULL],
  ['to pull from what is no repository', `arn:aws:s3:eu-west-2:${REGISTRY}:repository/api`, PULL],
])('a policy that allows %s fails', (_, resource, actions) => {
  expect(judge(declared(), pulling(resource, actions))).toEqual(wrongPolicy);
});

test.each([
  ['a role of that account', `arn:aws:iam::${REGISTRY}:role/deploy`],
  ['the repository where nothing is pulled', repository()],
  ['the image where nothing runs it', host()],
])('%s fails', (_, text) => {
  expect(judge(declared(), add('Topic', 'AWS::SNS::Topic', { DisplayName: text }, { stack: SERVICE }))).toEqual(['fail Topic Properties.DisplayName']);
});

test('a policy that says everything but something fails', () => {
  const everythingBut = add('Pulling', 'AWS::IAM::Policy', { Roles: [{ Ref: 'TaskRole' }], PolicyDocument: { Statement: [{ Effect: 'Allow', NotAction: PULL, Resource: repository() }] } }, { stack: SERVICE });
  expect(judge(declared(), everythingBut)).toEqual(wrongPolicy);
});

test.each([
  ['with an account of its own', enterprise],
  ['with the account left to whoever deploys', { ...enterprise, account: undefined, permissionsBoundary: undefined, service: { ...enterprise.service, certificateArn: undefined } }],
])('a deployment %s that pulls from a central registry ends with exit code 0', (_, deployed) => {
  const uri = '444455556666.dkr.ecr.eu-central-1.amazonaws.com/halton-api:1.0.0';
  expect(whatStops({ ...deployed, service: { ...deployed.service, image: uri } })).toEqual([]);
});
