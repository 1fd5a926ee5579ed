import { inventory, reachability, stackReferences } from '../../../posture/report/diagram.ts';
import { factsOf } from '../../support/assembly.ts';
import type { AssembledStack } from '../../../posture/assembly/read.ts';
import { template } from '../../../posture/assembly/template.ts';

const network = {
  Resources: {
    SecurityGroupsTasksAB12CD34: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'tasks' } },
    SecurityGroupsDatabaseAB12CD34: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'database',
        SecurityGroupIngress: [
          { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: { 'Fn::GetAtt': ['SecurityGroupsTasksAB12CD34', 'GroupId'] } },
          { IpProtocol: 'tcp', FromPort: 80, ToPort: 90, CidrIp: '10.0.0.0/8' },
        ],
      },
    },
  },
};

const data = {
  Resources: { Instance: { Type: 'AWS::RDS::DBInstance', Properties: { VPCSecurityGroups: [{ 'Fn::ImportValue': 'halton-a-network:Group' }] } } },
};

const stack = (name: string, body: typeof network | typeof data): AssembledStack => ({
  template: template({ stack: name, file: `${name}.template.json`, account: undefined, region: 'eu-west-2' }, JSON.parse(JSON.stringify(body))),
  text: JSON.stringify(body, null, 1),
  sha256: '',
  metadata: {},
});

const stacks = [stack('halton-a-network', network), stack('halton-a-data', data)];

describe('the diagrams', () => {
  test('show every rule that lets someone in, with protocol and ports, and ranges as what they are', () => {
    expect(reachability(factsOf({ 'halton-a-network': network })).split('\n')).toEqual([
      '```mermaid',
      'flowchart LR',
      '  n0["Tasks"]',
      '  n1["Database"]',
      '  n2["10.0.0.0/8"]',
      '  n0 -->|"tcp 5432"| n1',
      '  n2 -->|"tcp 80-90"| n1',
      '```',
    ]);
  });

  test('show which stack refers to which, and how often', () => {
    expect(stackReferences(stacks)).toContain('n1 -->|"1 references"| n0');
    expect(stackReferences(stacks)).not.toContain('n0 -->');
  });

  test('list what each stack holds, and leave a cell empty where it holds none', () => {
    expect(inventory(stacks)).toContain('| AWS::EC2::SecurityGroup | 2 |  |');
    expect(inventory(stacks)).toContain('| AWS::RDS::DBInstance |  | 1 |');
  });
});
