import { loadDeployment } from '../../lib/deployment/load.ts';
import { modesOf } from '../../lib/deployment/modes.ts';
import type { Deployment } from '../../lib/deployment/schema.ts';
import { whatStops } from '../support/judged.ts';

const { plain, modes } = modesOf(loadDeployment('deployments/enterprise.yaml'));

// What is suppressed is compared with the table both ways: an entry that suppresses nothing stops a deployment as well.
test.each([{ option: 'The plain deployment', deployment: plain }, ...modes])('synthesis ends with exit code 0: $option', ({ deployment }) => {
  expect(whatStops(deployment)).toEqual([]);
});

const serving = (service: Partial<Deployment['service']>): Deployment => ({ ...plain, service: { ...plain.service, ...service } });

test.each([
  ['an image that is in no registry of ECR', serving({ image: 'ghcr.io/halton/api:1.0.0' })],
  ['a public load balancer that takes requests from some addresses', serving({ clientCidrs: ['192.0.2.0/24'] })],
])('synthesis ends with exit code 0 with %s', (_, deployment) => {
  expect(whatStops(deployment)).toEqual([]);
});
