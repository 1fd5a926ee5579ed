import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Aspects, CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Deployment } from '../../lib/deployment/schema.ts';
import { PosturePlugin } from '../../posture/plugin.ts';
import { resultsSchema, type Results } from '../../posture/results.ts';
import { temporaryDirectory } from '../support/assembly-directory.ts';
import { appOf, enterprise, hosted } from '../support/deployments.ts';

/** Synthesizes a deployment after `patch`, judged as `cdk synth` judges it. */
function synthesize(deployment: Deployment, patch: (app: App) => void): { readonly results: Results; readonly message: string } {
  const outdir = temporaryDirectory();
  const app = appOf(deployment, { outdir });
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

function find(app: App, path: string): CfnResource {
  const construct = path.split('/').reduce<IConstruct>((node, id) => node.node.findChild(id), app);
  if (!CfnResource.isCfnResource(construct)) throw new Error(`${path} is no resource`);
  return construct;
}

interface Patch {
  readonly what: string;
  readonly control: string;
  readonly resource: RegExp;
  readonly patch: (app: App, name: string) => void;
}

/** Sets a property of the resource at a path that begins with an area's name; without a value it takes it out. */
const override = (path: string, property: string, value?: unknown): Patch['patch'] => (app, name) => {
  const resource = find(app, `halton-${name}-${path}`);
  if (value === undefined) resource.addPropertyDeletionOverride(property);
  else resource.addPropertyOverride(property, value);
};

const ADDRESS = 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp';
const SERVICE = 'service/Service/Service/Service';
const API = 'service/Api/Definition/Resource';
const secret = { Name: 'CLERK_SECRET_KEY', Value: 'a literal that is no path' };

const everywhere: readonly Patch[] = [
  {
    what: 'a listener with TLS 1.2',
    control: 'listener-takes-tls-1-3-only',
    resource: /EntranceHttps/,
    patch: override('service/Entrance/Https/Resource', 'SslPolicy', 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09'),
  },
  { what: 'a task with a public address', control: 'tasks-stay-private', resource: /^Service/, patch: override(SERVICE, ADDRESS, 'ENABLED') },
  { what: 'a secret in the environment of a task', control: 'no-plaintext-secret', resource: /ApiDefinition/, patch: override(API, 'ContainerDefinitions.0.Environment.5', secret) },
  { what: 'a trail without validation', control: 'trail-is-validated', resource: /Trail/, patch: override('audit/Trail/Trail', 'EnableLogFileValidation', false) },
  { what: 'a trail whose bucket is unlocked after a day', control: 'trail-is-validated', resource: /Trail/, patch: override('data/Archive/Trail/Resource', 'ObjectLockConfiguration.Rule.DefaultRetention.Days', 1) },
  { what: 'receipts that are unlocked a day early', control: 'trail-is-validated', resource: /Trail/, patch: override('data/Archive/Evidence/Resource', 'ObjectLockConfiguration.Rule.DefaultRetention.Days', 364) },
  { what: 'a log group in plaintext', control: 'log-groups-are-encrypted', resource: /TaskLogGroup/, patch: override('service/TaskLogGroup/Resource', 'KmsKeyId') },
];

const elsewhere: readonly Patch[] = [
  { what: 'a service that says nothing of its address', control: 'tasks-stay-private', resource: /^Service/, patch: override(SERVICE, ADDRESS) },
  { what: 'a shell into the tasks', control: 'tasks-stay-private', resource: /^Service/, patch: override(SERVICE, 'EnableExecuteCommand', true) },
  {
    what: 'a role without its boundary',
    control: 'deploys-into-any-account',
    resource: /TaskRole/,
    // The CDK puts boundaries on by an aspect, so that what comes before it is undone.
    patch: (app, name) => {
      Aspects.of(find(app, `halton-${name}-service/Api/Definition/TaskRole/Resource`)).add({ visit: () => override('service/Api/Definition/TaskRole/Resource', 'PermissionsBoundary')(app, name) });
    },
  },
  { what: 'a task that runs as root', control: 'tasks-stay-private', resource: /ApiDefinition/, patch: override(API, 'ContainerDefinitions.0.User', 'root') },
  { what: 'a log of a task that is kept for months', control: 'stores-expire', resource: /ApiDefinition/, patch: override('service/TaskLogGroup/Resource', 'Tags', [{ Key: 'halton:workspace-data', Value: 'no' }]) },
  { what: 'metrics of the tasks in a group that nobody declares', control: 'log-groups-are-encrypted', resource: /^Cluster/, patch: override('service/Cluster/Insights/Resource', 'LogGroupName', '/elsewhere') },
  { what: 'a task that writes to its disk', control: 'tasks-stay-private', resource: /ApiDefinition/, patch: override(API, 'ContainerDefinitions.0.ReadonlyRootFilesystem') },
  { what: 'a secret that ECS injects', control: 'tasks-read-secrets-at-boot', resource: /ApiDefinition/, patch: override(API, 'ContainerDefinitions.0.Secrets', [{ Name: 'URL', ValueFrom: '/halton/enterprise/database/url' }]) },
  { what: 'a task role that reads every parameter', control: 'tasks-read-secrets-at-boot', resource: /ApiDefinition/, patch: override('service/Api/Secrets/Resource', 'PolicyDocument.Statement.0.Resource', '*') },
  { what: 'plain HTTP forwarded', control: 'plain-http-is-redirected', resource: /EntranceHttp/, patch: override('service/Entrance/Http/Resource', 'DefaultActions.0', { Type: 'fixed-response' }) },
  { what: 'plain HTTP to the tasks', control: 'plain-http-is-redirected', resource: /EntranceTasks/, patch: override('service/Entrance/Tasks/Resource', 'Protocol', 'HTTP') },
  { what: 'no HSTS header', control: 'listener-sends-hsts', resource: /EntranceHttps/, patch: override('service/Entrance/Https/Resource', 'ListenerAttributes') },
  { what: 'a role of another account', control: 'deploys-into-any-account', resource: /EvidenceKey|SigningKey/, patch: override('evidence/SigningKey/Resource', 'KeyPolicy.Statement.0.Principal.AWS', 'arn:aws:iam::999988887777:root') },
  {
    what: 'a raw listener beside the others',
    control: 'listener-takes-tls-1-3-only',
    resource: /Raw/,
    patch: (app, name) => {
      const { stack } = find(app, `halton-${name}-service/Entrance/Https/Resource`);
      new CfnResource(stack, 'Raw', { type: 'AWS::ElasticLoadBalancingV2::Listener', properties: { Protocol: 'TLS', Port: 8443, DefaultActions: [] } });
    },
  },
];

const cases = [...everywhere.map((patch) => ({ ...patch, deployment: hosted })), ...[...everywhere, ...elsewhere].map((patch) => ({ ...patch, deployment: enterprise }))];

test.each(cases)('$deployment.name: $what fails the synthesis, and the report names control, resource, file and line', ({ deployment, control, resource, patch }) => {
  const { results, message } = synthesize(deployment, (app) => patch(app, deployment.name));
  expect(results.exitCode).toBe(1);
  expect(message).toContain(`Rule Halton::${control}`);

  const judged = results.controls.find(({ id }) => id === control);
  expect(judged?.verdict).toBe('fail');
  const failing = judged?.findings.flatMap((finding) => finding.checks.filter(({ outcome }) => outcome === 'fail').map((check) => ({ ...finding, check }))) ?? [];
  const found = failing.find((finding) => resource.test(finding.resource.logicalId));
  expect(found?.check).toMatchObject({ line: expect.any(Number), source: expect.stringMatching(/^(lib|test)\/.+\.ts:\d+/) });
  expect(found?.check.template).toMatch(/^halton-(hosted|enterprise)-(data|service|audit|evidence)\.template\.json$/);
});

test.each([hosted, enterprise])('$name: the deployment as it is breaks no promise', (deployment) => {
  const { results, message } = synthesize(deployment, () => undefined);
  expect(message).toBe('');
  expect(results.exitCode).toBe(0);
});

test('the two deployments are held to the same controls', () => {
  const [first, second] = [hosted, enterprise].map((deployment) => synthesize(deployment, () => undefined).results.controls.map(({ id }) => id));
  expect(second).toEqual(first);
});
