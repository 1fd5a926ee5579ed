import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, CustomResource, Duration, RemovalPolicy, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import { Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, ParameterGroup, PostgresEngineVersion, StorageType } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import type { Control } from '../../posture/controls/control.ts';
import type { Facts } from '../../posture/facts/facts.ts';
import { factsOf } from './assembly.ts';
import { ServicePart, TrailPart } from './fixtures-cdk-service.ts';
import { complaints } from './fixtures.ts';

const STACK = 'halton-hosted-all';

/** A whole deployment in one stack of the CDK's own high-level constructs, for tests to override. */
export class Deployment extends Construct {
  readonly vpc: Vpc;
  readonly tasks: SecurityGroup;
  readonly group: SecurityGroup;
  readonly key: Key;
  readonly database: DatabaseInstance;
  readonly secrets: CustomResource;
  readonly url: CustomResource;
  readonly function: LambdaFunction;
  readonly log: LogGroup;
  readonly bucket: Bucket;
  readonly service: ServicePart;
  readonly trail: TrailPart;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      availabilityZones: ['eu-west-2a', 'eu-west-2b'],
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC },
        { name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED },
      ],
      restrictDefaultSecurityGroup: false,
    });
    this.tasks = new SecurityGroup(this, 'Tasks', { vpc: this.vpc });
    Tags.of(this.tasks).add('halton:role', 'ecs-tasks');
    this.group = new SecurityGroup(this, 'Group', { vpc: this.vpc });
    this.group.addIngressRule(this.tasks, Port.POSTGRES);
    this.key = new Key(this, 'Key', { enableKeyRotation: true });

    const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 });
    this.database = new DatabaseInstance(this, 'Database', {
      engine,
      vpc: this.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [this.group],
      storageType: StorageType.GP3,
      storageEncryptionKey: this.key,
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: this.key,
      publiclyAccessible: false,
      backupRetention: Duration.days(7),
      removalPolicy: RemovalPolicy.RETAIN,
      parameterGroup: new ParameterGroup(this, 'Parameters', {
        engine,
        parameters: { 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.2' },
      }),
      credentials: Credentials.fromPassword(
        'halton_admin',
        SecretValue.unsafePlainText('{{resolve:ssm-secure:/halton/hosted/database/master-password}}'),
      ),
    });

    this.log = new LogGroup(this, 'Log', { retention: RetentionDays.ONE_WEEK, encryptionKey: this.key });
    this.bucket = new Bucket(this, 'Bucket', { lifecycleRules: [{ expiration: Duration.days(7) }] });
    for (const store of [this.log, this.bucket]) Tags.of(store).add('halton:workspace-data', 'yes');
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => ({});'),
      logGroup: this.log,
      environment: { SECRETS_PATH: '/halton/hosted' },
    });

    const custom = { Deployment: 'hosted', Path: '/halton/hosted', KeyArn: this.key.keyArn };
    const names = ['fernet/keys', 'webhooks/signing-secret', 'clerk/secret-key', 'clerk/webhook-signing-secret', 'database/master-password'];
    this.secrets = new CustomResource(this, 'Secrets', {
      resourceType: 'Custom::SecureParameters',
      serviceToken: this.function.functionArn,
      properties: { ...custom, Parameters: names.map((Name) => ({ Name, Source: 'generated' })) },
    });
    this.url = new CustomResource(this, 'Url', {
      resourceType: 'Custom::DatabaseUrl',
      serviceToken: this.function.functionArn,
      properties: { ...custom, Name: 'database/url', Host: this.database.dbInstanceEndpointAddress, SslMode: 'verify-full' },
    });
    this.service = new ServicePart(this, 'Service', this);
    this.trail = new TrailPart(this, 'Trail', this);
  }
}

/** The CloudFormation resource under a construct. */
export function resourceOf(construct: IConstruct): CfnResource {
  const child = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
  if (child === undefined || !CfnResource.isCfnResource(child)) throw new Error(`${construct.node.path} has no CloudFormation resource of its own.`);
  return child;
}

/** What a synthesized app tells a control, after whatever a test changed in it. */
export function synthesized(change: Change = () => undefined): Facts {
  const outdir = mkdtempSync(join(tmpdir(), 'halton-fixture-'));
  const app = new App({ outdir, builtinCloudFormationValidation: false, analyticsReporting: false });
  const stack = new Stack(app, 'All', { stackName: STACK, env: { region: 'eu-west-2' } });
  stack.templateOptions.metadata = { Halton: { deployment: { name: 'hosted', kind: 'hosted', region: 'eu-west-2' } } };
  change(new Deployment(stack, 'Deployment'), stack);
  try {
    return factsOf({ [STACK]: app.synth().getStackByName(STACK).template });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** A change to the constructs after they were made right. */
export type Change = (deployment: Deployment, stack: Stack) => void;

/**
 * What a control has to complain of in the synthesized app after a change, with logical ids as the fixture's own
 * names: `Database`, not `DeploymentDatabase94B56D0A`.
 */
export function judgingAfter(control: Control): (change: Change) => readonly string[] {
  return (change) => complaints(control, synthesized(change)).map((line) => line.replaceAll(/halton-hosted-all\/(?:Deployment)?(\w+?)(?:[0-9A-F]{8})?(?=[\s:])/g, '$1'));
}
