import { readFileSync } from 'node:fs';
import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { packs } from '../../posture/packs.ts';
import { PackRuns } from '../../posture/pack-run.ts';
import { readPacks } from '../../posture/pack-summary.ts';
import { TemplateValidation } from '../../posture/template-validation/plugin.ts';
import { temporaryDirectory } from '../support/assembly-directory.ts';
import { enterprise, hosted, templatesOf } from '../support/deployments.ts';

const TOOL = 'CloudFormation Validate';

/** Synthesizes one resource beside the packs. */
function synthesize(type: string, properties: Readonly<Record<string, unknown>>) {
  const outdir = temporaryDirectory();
  const app = new App({ outdir, context: JSON.parse(readFileSync('cdk.json', 'utf8')).context });
  new CfnResource(new Stack(app, 'data'), 'Resource', { type, properties });
  Validations.of(app).addPlugins(...packs(app));
  let message = '';
  try {
    app.synth();
  } catch (error) {
    message = String(error);
  }
  return { message, summary: readPacks(outdir).find(({ pack }) => pack === TOOL) };
}

test('a template that CloudFormation would refuse fails synthesis, naming the property and the resource', () => {
  const { message, summary } = synthesize('AWS::SQS::Queue', { DelaySeconds: 'soon' });
  expect(message).toContain('DelaySeconds');
  expect(message).toContain('data/Resource');
  expect(summary).toMatchObject({ verdict: 'fail', resources: 1, violations: 1, suppressed: 0 });
});

test('a type that the engine was not made ready for is validated all the same', () => {
  const { message, summary } = synthesize('AWS::GameLift::Alias', { Name: 5, RoutingStrategy: { Type: 'NONE' } });
  expect(message).toContain('data/Resource');
  expect(summary).toMatchObject({ verdict: 'fail' });
});

test('what cannot be read throws, so that the tool leaves no evidence', () => {
  const outdir = temporaryDirectory();
  const appConstruct = new App({ outdir });
  const templatePath = `${outdir}/none.template.json`;
  const stackTemplates = [{ stackConstructPath: 'none', templatePath, accountId: undefined, region: undefined }];
  const plugin = new TemplateValidation(new PackRuns(outdir));
  expect(() => plugin.validate({ appConstruct, stackTemplates, templatePaths: [templatePath] })).toThrow('ENOENT');
  expect(readPacks(outdir).find(({ pack }) => pack === TOOL)).toMatchObject({ verdict: 'not-verified' });
});

test('CDK_VALIDATION=false, which takes the CDK\'s own validation out, does not take out this one', () => {
  process.env['CDK_VALIDATION'] = 'false';
  try {
    expect(synthesize('AWS::SQS::Queue', { DelaySeconds: 'soon' }).message).toContain('DelaySeconds');
  } finally {
    delete process.env['CDK_VALIDATION'];
  }
});

test('the engine is made ready for every type that the deployments make', () => {
  const typesOf = (resources: Readonly<Record<string, { readonly Type: string }>>) => Object.values(resources).map(({ Type }) => Type);
  const { Resources } = JSON.parse(readFileSync('posture/template-validation/warm-up.template.json', 'utf8'));
  const withReplica = { ...hosted, database: { ...hosted.database, readReplica: true } };
  const made = [withReplica, enterprise].flatMap((deployment) => Object.values(templatesOf(deployment)).flatMap((template) => typesOf(template.toJSON()['Resources'])));
  expect(typesOf(Resources)).toEqual([...new Set(made)].toSorted());
});
