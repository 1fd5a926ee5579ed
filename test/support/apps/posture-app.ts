// A CDK app that the tests of the plugin and the packs run as a process of its own: node posture-app.ts SCENARIO OUTDIR
import { App, Aspects, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { claims } from '../../../posture/catalogue.ts';
import { control, expectValue, type Control } from '../../../posture/controls/control.ts';
import { packs } from '../../../posture/packs.ts';
import { PosturePlugin } from '../../../posture/plugin.ts';

const [scenario = '', outdir = ''] = process.argv.slice(2);

/** Stands for all controls, so that every claim that does not await something has one. */
const tagged: Control = control({
  id: 'bucket-says-what-it-holds',
  claims: claims.filter(({ awaits }) => awaits === undefined).map(({ id }) => id),
  promise: 'Every bucket says what it holds.',
  minimum: 1,
  population: ({ buckets }) => buckets,
  check: (bucket) => [expectValue('Tags', bucket.workspaceData, 'yes or no', (value) => value === 'yes' || value === 'no')],
});
const crashing: Control = {
  id: 'crashing',
  claims: ['HM-REG-1'],
  promise: 'Nothing.',
  minimum: 1,
  judge: () => {
    throw new TypeError('no such thing');
  },
};

const app = new App({ outdir });
const stack = new Stack(app, 'data', { stackName: 'halton-test-data', env: { region: 'eu-west-2' } });
const properties = { Tags: [{ Key: 'halton:workspace-data', Value: 'no' }] };

function plugin(...controls: Control[]): void {
  Validations.of(app).addPlugins(new PosturePlugin(controls));
}

switch (scenario) {
  case 'passing':
    new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket', properties });
    plugin(tagged);
    break;
  case 'failing':
    new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket' });
    plugin(tagged);
    break;
  case 'overridden': {
    const bucket = new CfnBucket(stack, 'Bucket', { tags: [{ key: 'halton:workspace-data', value: 'no' }] });
    Aspects.of(app).add({
      visit: (node) => {
        if (node === bucket) bucket.addPropertyDeletionOverride('Tags');
      },
    });
    plugin(tagged);
    break;
  }
  case 'acknowledged':
    new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket' });
    Validations.of(app).acknowledge({ id: `Halton::${tagged.id}`, reason: 'We would rather not.' });
    plugin(tagged);
    break;
  case 'empty':
    new CfnResource(stack, 'Queue', { type: 'AWS::SQS::Queue' });
    plugin(tagged);
    break;
  case 'crashing':
    new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket', properties });
    plugin(tagged, crashing);
    break;
  case 'transformed':
    new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket', properties });
    stack.addTransform('AWS::LanguageExtensions');
    plugin(tagged);
    break;
  case 'unclaimed':
    new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket', properties });
    plugin({ ...tagged, claims: ['HM-REG-1'] });
    break;
  case 'packs':
  case 'packs-acknowledged':
  case 'packs-bare': {
    const bucket = new CfnBucket(stack, 'Bucket');
    new CfnResource(stack, 'Topic', { type: 'AWS::CloudWatch::Dashboard', properties: { DashboardBody: '{}' } });
    const rules = { AwsSolutions: ['S1', 'S10'], 'NIST.800.53.R5': ['S3BucketLoggingEnabled', 'S3BucketPublicReadProhibited', 'S3BucketPublicWriteProhibited', 'S3BucketReplicationEnabled', 'S3BucketSSLRequestsOnly', 'S3BucketVersioningEnabled', 'S3DefaultEncryptionKMS'] };
    for (const [pack, names] of Object.entries(rules)) {
      for (const name of scenario === 'packs' ? [] : names) {
        const id = `${pack}-${name}`;
        Validations.of(bucket).acknowledge({ id: scenario === 'packs-bare' ? id : `${pack}::${id}`, reason: 'A test.' });
      }
    }
    Validations.of(app).addPlugins(...packs(app));
    break;
  }
  default:
    throw new Error(`${scenario} is no scenario`);
}
app.synth();
