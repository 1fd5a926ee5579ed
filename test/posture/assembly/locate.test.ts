import { locate } from '../../../posture/assembly/locate.ts';
import { readAssembly } from '../../../posture/assembly/read.ts';
import type { CheckResult, Results } from '../../../posture/results.ts';
import { directoryOf, stackArtifact } from '../../support/assembly-directory.ts';

const templateText = `{
  "Resources": {
    "Group": {
      "Type": "AWS::RDS::DBParameterGroup",
      "Properties": {
        "Parameters": { "a": "b",
          "rds.force_ssl": "0" }
      }
    },
    "Db": {
      "Type": "AWS::RDS::DBInstance",
      "Properties": {
        "Tags": [
          { "Key": "a" },
          { "Key": "b" }
        ],
        "PubliclyAccessible": true
      },
      "DeletionPolicy": "Snapshot"
    }
  },
  "Outputs": {
    "Url": {
      "Value": "x"
    }
  }
}
`;

const frames = {
  creation: ['...new Database in aws-cdk-lib...', 'new Postgres (file:///repo/lib/database/postgres.ts:41:7)', 'file:///repo/bin/halton.ts:15 (:)', '...node internals...'],
  override: ['...CfnDBInstance.addPropertyOverride in aws-cdk-lib...', 'Object.visit (file:///repo/lib/aspect.ts:9:64)', '...aws-cdk-lib...'],
};

const metadata = {
  '/data/Db/Resource': [
    { type: 'aws:cdk:logicalId', data: 'Db' },
    { type: 'aws:cdk:creationStack', data: frames.creation },
    { type: 'aws:cdk:propertyAssignment', data: { propertyName: 'PubliclyAccessible', stackTrace: frames.creation } },
    { type: 'aws:cdk:propertyAssignment', data: { propertyName: 'PubliclyAccessible', stackTrace: frames.override } },
  ],
  '/data/Group/Resource': [
    { type: 'aws:cdk:logicalId', data: 'Group' },
    { type: 'aws:cdk:creationStack', data: ['...aws-cdk-lib...', '(no user code in 10 frames, use --stack-trace-limit to capture more)'] },
  ],
};

const artifacts = { data: stackArtifact('data', { metadata }), service: stackArtifact('service') };
const service = { Resources: { Rule: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { FromPort: 5432 } } } };

/** Where a check of the database, or of another resource, is found to stand. */
function placeOf(property: string, logicalId = 'Db', outcome: CheckResult['outcome'] = 'fail') {
  const stacks = readAssembly(directoryOf({ 'manifest.json': { artifacts }, 'data.template.json': templateText, 'service.template.json': service }));
  const finding = {
    resource: { id: logicalId === '' ? 'data' : `data/${logicalId}`, type: 'T', stack: 'data', logicalId },
    checks: [{ property, outcome, expected: 'a', observed: 'b' }],
  };
  const control = { id: 'c', claims: [], promise: 'p', verdict: 'fail' as const, population: 1, minimum: 1, findings: [finding] };
  const counts = { pass: 0, fail: 1, 'not-verified': 0, 'not-applicable': 0, 'not yet': 0 };
  const results: Results = { version: 1, deployment: null, templates: [], controls: [control], notYet: [], counts, exitCode: 1 };
  const [located] = locate(results, stacks, '/repo').controls[0]?.findings ?? [];
  const { template, line, source } = located?.checks[0] ?? {};
  return { template, line, source };
}

const file = 'data.template.json';

test('a property stands at its line, and the last code that set it is named', () => {
  expect(placeOf('PubliclyAccessible')).toEqual({ template: file, line: 17, source: 'lib/aspect.ts:9' });
});

test('a property that is not set stands at its resource, with the code that made it', () => {
  expect(placeOf('StorageEncrypted')).toEqual({ template: file, line: 10, source: 'lib/database/postgres.ts:41' });
});

test.each<[string, string, number]>([
  ['a path as CloudFormation writes it', 'Properties.Tags.1.Key', 15],
  ['a path below a property', 'Tags.0', 14],
  ['an attribute beside the properties', 'DeletionPolicy', 19],
  ['words beside the property', 'PubliclyAccessible: default', 17],
  ['words alone', 'every string', 10],
  ['a part that is not there, at the deepest that is', 'Tags.7', 13],
])('%s is found', (_, property, line) => {
  expect(placeOf(property)).toMatchObject({ line });
});

test('another resource that a check is about is found by its id', () => {
  expect(placeOf('data/Group: Parameters')).toEqual({ template: file, line: 6, source: undefined });
});

test('a resource of another stack is found in that stack\'s template', () => {
  expect(placeOf('service/Rule: FromPort')).toEqual({ template: 'service.template.json', line: 6, source: undefined });
});

test('what a stack says outside its resources is found too', () => {
  expect(placeOf('Outputs.Url.Value', '')).toEqual({ template: file, line: 24, source: undefined });
});

test('code that the CDK did not trace is not guessed', () => {
  expect(placeOf('Parameters', 'Group')).toEqual({ template: file, line: 6, source: undefined });
});

test('what passed is not located', () => {
  expect(placeOf('PubliclyAccessible', 'Db', 'pass')).toEqual({ template: undefined, line: undefined, source: undefined });
});
