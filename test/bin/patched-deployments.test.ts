import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Aspects, CfnResource, type IAspect, Validations } from 'aws-cdk-lib';
import { CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { IConstruct } from 'constructs';
import { PosturePlugin } from '../../posture/plugin.ts';
import { resultsSchema, type Results } from '../../posture/results.ts';
import { appOf, hosted } from '../support/deployments.ts';

/** Synthesizes the hosted deployment after `patch`, judged as `cdk synth` judges it. */
function synthesize(patch: (app: App) => void): { readonly results: Results; readonly message: string } {
  const outdir = mkdtempSync(join(tmpdir(), 'halton-patched-'));
  const app = appOf(hosted, { outdir });
  patch(app);
  Validations.of(app).addPlugins(new PosturePlugin());
  let message = '';
  try {
    app.synth();
  } catch (error) {
    message = String(error);
  }
  return { message, results: resultsSchema.parse(JSON.parse(readFileSync(join(outdir, 'posture', 'results.json'), 'utf8'))) };
}

const find = (app: App, path: string): CfnResource => {
  const construct = path.split('/').reduce<IConstruct>((node, id) => node.node.findChild(id), app);
  if (!CfnResource.isCfnResource(construct)) throw new Error(`${path} is no resource`);
  return construct;
};

const override = (path: string, property: string, value: unknown) => (app: App) => {
  find(app, path).addPropertyOverride(property, value);
};

const aspect = (visit: IAspect['visit']) => (app: App) => {
  Aspects.of(app).add({ visit });
};

const DATABASE = 'halton-hosted-data/Postgres/Instance/Resource';

const patches: readonly { readonly what: string; readonly control: string; readonly resource: RegExp; readonly patch: (app: App) => void }[] = [
  { what: 'a public database, by an override', control: 'database-not-public', resource: /PostgresInstance/, patch: override(DATABASE, 'PubliclyAccessible', true) },
  {
    what: 'a public database, by an aspect',
    control: 'database-not-public',
    resource: /PostgresInstance/,
    patch: aspect((node) => {
      if (node instanceof CfnDBInstance) node.publiclyAccessible = true;
    }),
  },
  {
    what: 'a second way in on 5432',
    control: 'database-ingress-from-tasks-only',
    resource: /PostgresInstance|SecurityGroupsDatabase/,
    patch: (app) => {
      const group = find(app, 'halton-hosted-network/SecurityGroups/Database/Resource');
      new CfnSecurityGroupIngress(group.stack, 'SecondWayIn', { groupId: group.getAtt('GroupId').toString(), ipProtocol: 'tcp', fromPort: 5432, toPort: 5432, cidrIp: '10.0.0.0/8' });
    },
  },
  { what: 'a retention of eight days', control: 'backup-retention', resource: /PostgresInstance/, patch: override(DATABASE, 'BackupRetentionPeriod', 8) },
  {
    what: 'a replicated bucket',
    control: 'no-cross-region-replication',
    resource: /ArchiveTrail/,
    patch: override('halton-hosted-data/Archive/Trail/Resource', 'ReplicationConfiguration', { Role: 'arn:aws:iam::123456789012:role/r', Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::elsewhere' } }] }),
  },
  {
    what: 'a parameter in plain text',
    control: 'secrets-are-secure-strings',
    resource: /PlainText/,
    patch: (app) => new CfnParameter(find(app, DATABASE).stack, 'PlainText', { type: 'String', value: 'open to all', name: '/halton/hosted/plain' }),
  },
  { what: 'a multi-Region key', control: 'no-cross-region-replication', resource: /DatabaseKey/, patch: override('halton-hosted-data/DatabaseKey/Resource', 'MultiRegion', true) },
  {
    what: 'a raw resource of a type that a construct usually makes',
    control: 'database-not-public',
    resource: /RawDatabase/,
    patch: (app) => new CfnResource(find(app, DATABASE).stack, 'RawDatabase', { type: 'AWS::RDS::DBInstance', properties: { DBInstanceClass: 'db.t4g.large', Engine: 'postgres' } }),
  },
];

test.each(patches)('$what fails the synthesis, and the report names control, resource, file and line', ({ control, resource, patch }) => {
  const { results, message } = synthesize(patch);
  expect(results.exitCode).toBe(1);
  expect(message).toContain(`Rule Halton::${control}`);

  const judged = results.controls.find(({ id }) => id === control);
  expect(judged?.verdict).toBe('fail');
  const failing = judged?.findings.flatMap((finding) => finding.checks.filter(({ outcome }) => outcome === 'fail').map((check) => ({ ...finding, check }))) ?? [];
  const found = failing.find((finding) => resource.test(finding.resource.logicalId));
  expect(found?.check).toMatchObject({ line: expect.any(Number), source: expect.stringMatching(/^(lib|test)\/.+\.ts:\d+/) });
  expect(found?.check.template).toMatch(/^halton-hosted-(network|data)\.template\.json$/);
});

test('the deployment as it is passes', () => {
  const { results, message } = synthesize(() => undefined);
  expect(message).toBe('');
  expect(results.exitCode).toBe(0);
});
