import { stringify } from 'yaml';
import { loadDeployment, parseDeployment } from '../../../lib/deployment/load.ts';
import { modesOf } from '../../../lib/deployment/modes.ts';

const { plain, modes } = modesOf(loadDeployment('deployments/enterprise.yaml'));

test.each([{ option: 'the plain deployment', deployment: plain }, ...modes])('$option is what a file can say', ({ deployment }) => {
  expect(() => parseDeployment(stringify(deployment), 'any.yaml')).not.toThrow();
});

test('each option differs from the plain deployment', () => {
  for (const { deployment } of modes) expect(stringify(deployment)).not.toBe(stringify(plain));
});

test('an example without a VPC is refused', () => {
  expect(() => modesOf(loadDeployment('deployments/hosted.yaml'))).toThrow(/hosted: got an example without network\.existing, expected/);
});
