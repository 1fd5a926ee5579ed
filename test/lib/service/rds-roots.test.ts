import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRoots } from '../../../lib/deployment/rds-roots.ts';
import type { Deployment } from '../../../lib/deployment/schema.ts';
import { newRdsRoots } from '../../support/certificates.ts';
import { hosted, resources, templatesOf } from '../../support/deployments.ts';
import { temporaryFolder } from '../../support/temporary.ts';

interface Container {
  readonly Name: string;
  readonly Environment: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** What RDS_ROOTS is for each container that uses the database. */
function rootsOf(deployment: Deployment): Record<string, unknown> {
  const containers = Object.values(resources(templatesOf(deployment).service, 'AWS::ECS::TaskDefinition')).flatMap(({ Properties }) => Properties['ContainerDefinitions'] as readonly Container[]);
  return Object.fromEntries(containers.map(({ Name, Environment }) => [Name, Environment.find((variable) => variable.Name === 'RDS_ROOTS')?.Value]));
}

test('the root certificates of the deployment reach the API and the migrations', async () => {
  const folder = temporaryFolder('roots');
  writeFileSync(join(folder, 'roots.pem'), (await newRdsRoots('eu-west-2')).bundle);
  const { roots = [] } = readRoots({ region: 'eu-west-2', database: { certificates: 'roots.pem' } }, join(folder, 'hosted.yaml'));
  expect(roots).toHaveLength(3);
  const { api, migrations } = rootsOf({ ...hosted, rdsRoots: roots });
  expect([api, migrations]).toEqual([roots.join(' '), roots.join(' ')]);
});

test('without any, both trust what the release brings along', () => {
  const { api, migrations } = rootsOf(hosted);
  expect([api, migrations]).toEqual([undefined, undefined]);
});
