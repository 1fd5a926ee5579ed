import { scopesOf } from '../../../posture/assembly/exports.ts';
import type { Json } from '../../../posture/assembly/json.ts';
import { resolve } from '../../../posture/assembly/resolve.ts';
import { rawText } from '../../../posture/facts/template/read-node.ts';
import { templatesOf, type AssemblyOptions } from '../../support/assembly.ts';

const network = {
  Resources: { Group: { Type: 'AWS::EC2::SecurityGroup' }, A: { Type: 'AWS::EC2::Subnet' }, B: { Type: 'AWS::EC2::Subnet' } },
  Outputs: {
    Group: { Value: { 'Fn::GetAtt': ['Group', 'GroupId'] }, Export: { Name: 'network:Group' } },
    Subnets: { Value: { 'Fn::Join': ['||', [{ Ref: 'A' }, { Ref: 'B' }]] }, Export: { Name: { 'Fn::Join': [':', ['network', 'Subnets']] } } },
    Twice: { Value: 'a', Export: { Name: 'twice' } },
    TwiceAgain: { Value: 'b', Export: { Name: 'twice' } },
    Maybe: { Condition: 'Sometimes', Value: 'a', Export: { Name: 'maybe' } },
    Circle: { Value: { 'Fn::ImportValue': 'data:circle' }, Export: { Name: 'network:circle' } },
  },
};

const data = {
  Parameters: { Chosen: { Type: 'String', Default: 'seven' } },
  Mappings: { Map: { a: { b: 'c' } } },
  Conditions: { Sometimes: { 'Fn::Equals': ['a', 'b'] } },
  Resources: { Key: { Type: 'AWS::KMS::Key' } },
  Outputs: { Circle: { Value: { 'Fn::ImportValue': 'network:circle' }, Export: { Name: 'data:circle' } } },
};

/** What a value that stands in the data stack comes to. */
function valueOf(json: Json, options: AssemblyOptions = {}) {
  const scope = scopesOf(templatesOf({ network, data }, options)).find(({ template }) => template.stack === 'data');
  if (scope === undefined) throw new Error('no data stack');
  return rawText(resolve(json, scope));
}

const known = (value: string) => ({ is: 'known', value });
const unresolved = { is: 'unresolved', why: expect.any(String) as string };

describe('an intrinsic that the assembly settles', () => {
  test.each<[string, Json, string]>([
    ['a reference to a resource is its id', { Ref: 'Key' }, '${data/Key}'],
    ['an attribute is named beside the id', { 'Fn::GetAtt': ['Key', 'Arn'] }, '${data/Key.Arn}'],
    ['an attribute can be written with a dot', { 'Fn::GetAtt': 'Key.Endpoint.Address' }, '${data/Key.Endpoint.Address}'],
    ['an import is what the other stack exports', { 'Fn::ImportValue': 'network:Group' }, '${network/Group.GroupId}'],
    ['the name of an import can be joined', { 'Fn::ImportValue': { 'Fn::Join': ['', ['network', ':Group']] } }, '${network/Group.GroupId}'],
    ['a join is one text', { 'Fn::Join': ['/', ['a', { Ref: 'Key' }, 7]] }, 'a/${data/Key}/7'],
    ['a substitution sees resources, attributes and variables', { 'Fn::Sub': ['${Key}:${Key.Arn}:${X}', { X: 'x' }] }, '${data/Key}:${data/Key.Arn}:x'],
    ['a substitution leaves what is escaped', { 'Fn::Sub': 'a${!Key}' }, 'a${Key}'],
    ['an item of a list is selected', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['a joined list of another stack is split again', { 'Fn::Select': [1, { 'Fn::Split': ['||', { 'Fn::ImportValue': 'network:Subnets' }] }] }, '${network/B}'],
    ['the region is the stack\'s', { Ref: 'AWS::Region' }, 'eu-west-2'],
    ['the partition follows the region', { Ref: 'AWS::Partition' }, 'aws'],
    ['the domain follows the region', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    ['the stack knows its name', { Ref: 'AWS::StackName' }, 'data'],
    ['an account that is open until deployment stands as itself', { Ref: 'AWS::AccountId' }, '${AWS::AccountId}'],
    ['a number and a boolean are texts like any other', { 'Fn::Join': ['', [7, true]] }, '7true'],
    ['what has no value leaves its list', { 'Fn::Join': [',', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a,b'],
  ])('%s', (_, json, expected) => {
    expect(valueOf(json)).toEqual(known(expected));
  });

  test('the account is the manifest\'s where it names one', () => {
    expect(valueOf({ Ref: 'AWS::AccountId' }, { account: '123456789012' })).toEqual(known('123456789012'));
  });

  test('GovCloud has a partition of its own', () => {
    expect(valueOf({ Ref: 'AWS::Partition' }, { region: 'us-gov-west-1' })).toEqual(known('aws-us-gov'));
  });

  test('no value is no property', () => {
    expect(valueOf({ Ref: 'AWS::NoValue' })).toEqual({ is: 'absent' });
  });
});

describe('what the assembly does not settle is unresolved', () => {
  test.each<[string, Json]>([
    ['a parameter, in spite of its default', { Ref: 'Chosen' }],
    ['a parameter inside a text', { 'Fn::Sub': 'a${Chosen}' }],
    ['a condition', { 'Fn::If': ['Sometimes', 'a', 'b'] }],
    ['a mapping', { 'Fn::FindInMap': ['Map', 'a', 'b'] }],
    ['a zone look-up', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
    ['an intrinsic that nobody knows', { 'Fn::Invented': 'a' }],
    ['a loop', { 'Fn::ForEach::X': ['I', ['a'], { a: 'b' }] }],
    ['a reference to nothing', { Ref: 'Nowhere' }],
    ['a reference to what every object inherits', { Ref: 'constructor' }],
    ['an attribute of what every object inherits', { 'Fn::GetAtt': ['__proto__', 'Arn'] }],
    ['an import that nobody exports', { 'Fn::ImportValue': 'nowhere' }],
    ['an import that two outputs export', { 'Fn::ImportValue': 'twice' }],
    ['an import of an output under a condition', { 'Fn::ImportValue': 'maybe' }],
    ['imports that go round in a circle', { 'Fn::ImportValue': 'network:circle' }],
    ['an intrinsic beside another key', { Ref: 'Key', Other: 'a' }],
    ['a split of what only the account can spell', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Key', 'Arn'] }] }] }],
    ['a selection past the end', { 'Fn::Select': [9, ['a']] }],
    ['a null', null],
    ['a join without a list', { 'Fn::Join': ['', 'a'] }],
    ['a join of objects', { 'Fn::Join': ['', [{ a: 'b' }]] }],
    ['a selection by name', { 'Fn::Select': ['constructor', ['a']] }],
  ])('%s', (_, json) => {
    expect(valueOf(json)).toEqual(unresolved);
  });

  test('the region of a stack that is deployed anywhere', () => {
    expect(valueOf({ Ref: 'AWS::Region' }, { regions: { data: null } })).toEqual(unresolved);
  });

  test('an import from another region', () => {
    expect(valueOf({ 'Fn::ImportValue': 'network:Group' }, { regions: { network: 'us-east-1' } })).toEqual(unresolved);
  });
});
