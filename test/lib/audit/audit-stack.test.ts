import { Match } from 'aws-cdk-lib/assertions';
import { resources, templatesOf } from '../../support/deployments.ts';

const { audit, data, evidence } = templatesOf();

describe('the trail', () => {
  test('records every region, validates its files, and goes to the locked bucket and to CloudWatch under keys of the deployment', () => {
    audit.hasResourceProperties('AWS::CloudTrail::Trail', {
      IsLogging: true,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
      KMSKeyId: Match.anyValue(),
      S3BucketName: Match.anyValue(),
      CloudWatchLogsLogGroupArn: Match.anyValue(),
    });
  });

  test('records every call that manages something, and every touch of the receipts', () => {
    audit.hasResourceProperties('AWS::CloudTrail::Trail', {
      AdvancedEventSelectors: [
        Match.objectLike({ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }),
        Match.objectLike({ FieldSelectors: Match.arrayWith([{ Field: 'resources.type', Equals: ['AWS::S3::Object'] }]) }),
      ],
    });
  });

  test('is the only kind of writer that its bucket admits, and only as a trail of this deployment', () => {
    data.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'TrailsWrite',
            Principal: { Service: 'cloudtrail.amazonaws.com' },
            Action: 's3:PutObject',
            Condition: { ArnLike: { 'aws:SourceArn': Match.anyValue() }, StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
          }),
        ]),
      },
    });
  });
});

describe('the alarm topic', () => {
  interface Statement {
    readonly Sid?: string;
    readonly Principal?: { readonly Service?: string };
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  }
  const statements = (type: string, property: string) =>
    Object.values(resources(audit, type)).flatMap(({ Properties }) => (Properties[property] as { Statement: Statement[] }).Statement);
  const account = { Ref: 'AWS::AccountId' };

  test('is encrypted and takes TLS only', () => {
    audit.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    audit.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) },
    });
  });

  describe.each([['topic', 'AWS::SNS::TopicPolicy', 'PolicyDocument'], ['key', 'AWS::KMS::Key', 'KeyPolicy']])('lets through its %s', (_, type, property) => {
    const conditionOf = (service: string) => statements(type, property).filter(({ Principal }) => Principal?.Service === service).map(({ Condition }) => Condition);

    test('alarms of this account only', () => {
      expect(conditionOf('cloudwatch.amazonaws.com')).toEqual([{ StringEquals: { 'aws:SourceAccount': account } }]);
    });

    test('events, whose account EventBridge does not name to SNS and KMS, and where it is named those of this account only', () => {
      expect(conditionOf('events.amazonaws.com')).toEqual([{ StringEqualsIfExists: { 'aws:SourceAccount': account } }]);
    });
  });
});

describe('the signing key', () => {
  test('is P-256, signs for roles of the evidence stack alone and outlives it', () => {
    evidence.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: {
        KeySpec: 'ECC_NIST_P256',
        KeyUsage: 'SIGN_VERIFY',
        MultiRegion: false,
        KeyPolicy: {
          Statement: Match.arrayWith([
            Match.objectLike({ Action: 'kms:Sign', Condition: { ArnLike: { 'aws:PrincipalArn': Match.anyValue() } } }),
          ]),
        },
      },
    });
    expect(JSON.stringify(evidence.toJSON())).toContain(':role/halton-hosted-evidence-*');
  });
});

describe('the verifier', () => {
  const policies = Object.values(evidence.findResources('AWS::IAM::ManagedPolicy')) as { Properties: { PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } } }[];
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

  test('writes receipts and nothing else', () => {
    const writes = statements.filter(({ Action }) => [Action].flat().some((action) => /:(Put|Create|Delete|Update|Modify|Start|Stop)/.test(action)));
    expect(writes).toHaveLength(1);
    expect(writes[0]?.Action).toBe('s3:PutObject');
    expect(JSON.stringify(writes[0]?.Resource)).toContain('/receipts/*');
  });

  test('reads by name, no action by a wildcard, and no content of a secret, an object or a log', () => {
    const actions = statements.flatMap(({ Action }) => [Action].flat());
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(actions).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(s3:GetObject|ssm:GetParameter|logs:GetLogEvents|logs:FilterLogEvents|secretsmanager:)/)]));
  });
});
