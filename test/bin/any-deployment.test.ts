import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { parseDeployment } from '../../lib/deployment/load.ts';
import { DeploymentError } from '../../lib/deployment/problems.ts';
import type { Deployment } from '../../lib/deployment/schema.ts';
import { deployments, writeRoots } from '../lib/deployment/drawn.ts';
import { merge } from '../lib/deployment/refused.ts';
import { whatStops } from '../support/judged.ts';

beforeAll(writeRoots);

const image = fc.constantFrom(
  'registry.us-east-2.acme.example/api:1.4.0',
  'registry.acme.example:5000/444455556666/api:1.4.0',
  'docker.io/halton/api:202611221530',
  '444455556666.dkr.ecr.ap-south-1.amazonaws.com/api:1.4.0',
  '444455556666.dkr.ecr-fips.us-gov-west-1.amazonaws.com/api:1.4.0',
  'public.ecr.aws/halton/api:1.4.0',
  `docker.io/halton/api@sha256:${'12'.repeat(32)}`,
);
const host = fc.constantFrom('halton.us-east-2.acme.example', '444455556666.acme.example', 'usw2-az1.acme.example', 'a-us-east-2.acme.example', 'x444455556666.acme.example');

/** Changes that a file may have beside what it is made of, many of which are refused. */
const change = fc.record(
  {
    account: fc.constantFrom(undefined, '444455556666'),
    service: fc.record({ image, domainName: host, loadBalancer: fc.constantFrom('internal', 'internet-facing'), clientCidrs: fc.constantFrom(['0.0.0.0/1'], ['192.0.2.0/24'], ['10.1.2.3/32']) }, { requiredKeys: [] }),
    identity: fc.record({ issuer: host.map((name) => `https://${name}`), jwksUrl: host.map((name) => `https://${name}/jwks`), authorizedParty: host.map((name) => `https://${name}`) }, { requiredKeys: [] }),
    permissionsBoundary: fc.constantFrom('arn:aws:iam::444455556666:policy/us-east-2/boundary', 'arn:aws:iam::444455556666:policy/boundary', 'arn:aws:iam::aws:policy/444455556666'),
  },
  { requiredKeys: [] },
);

/** The deployment of a file that is a valid one with changes; undefined where it is refused. */
function read(valid: Deployment, changes: Record<string, unknown>): Deployment | undefined {
  try {
    return parseDeployment(stringify(merge(valid, changes)), 'any.yaml');
  } catch (error) {
    if (error instanceof DeploymentError) return undefined;
    throw error;
  }
}

const accepted = fc
  .tuple(deployments, fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: change }))
  .map(([valid, changes]) => read(valid, changes))
  .filter((deployment) => deployment !== undefined);

test('whatever file is read makes templates that break no promise and no rule', () => {
  const judged = fc.property(accepted, (deployment) => {
    expect(whatStops(deployment)).toEqual([]);
  });
  expect(() => fc.assert(judged, { numRuns: 24, endOnFailure: true, includeErrorInReport: true })).not.toThrow();
}, 240_000); // about a second each on two cores that nothing else uses
