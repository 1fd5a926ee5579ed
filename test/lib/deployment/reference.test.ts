import { readdirSync, readFileSync } from 'node:fs';
import { contradictions } from '../../../lib/deployment/contradictions.ts';
import { loadDeployment } from '../../../lib/deployment/load.ts';
import { renderJsonSchema, renderReference } from '../../../lib/deployment/reference.ts';

const fields = [...new Set([...fieldsOf(loadDeployment('deployments/hosted.yaml')), ...fieldsOf(loadDeployment('deployments/enterprise.yaml'))])];

function fieldsOf(section: object, path = ''): readonly string[] {
  return Object.entries(section).flatMap(([key, value]) =>
    typeof value === 'object' && !Array.isArray(value) ? fieldsOf(value, `${path}${key}.`) : [`${path}${key}`],
  );
}

test('the committed JSON Schema is current', () => {
  expect(readFileSync('lib/deployment/schema.json', 'utf8')).toBe(renderJsonSchema());
});

test('the committed reference is current', () => {
  expect(readFileSync('docs/deployment.md', 'utf8')).toBe(renderReference());
});

test.each(readdirSync('deployments'))('%s tells editors where the schema is', (file) => {
  expect(readFileSync(`deployments/${file}`, 'utf8').split('\n')[0]).toBe('# yaml-language-server: $schema=../lib/deployment/schema.json');
});

test('the JSON Schema is strict and asks only for what has no default', () => {
  const schema: unknown = JSON.parse(renderJsonSchema());
  expect(schema).toMatchObject({
    required: ['name', 'kind', 'region', 'network', 'service', 'identity'],
    additionalProperties: false,
    properties: {
      network: {
        required: ['availabilityZones'],
        additionalProperties: false,
        properties: { existing: { required: ['vpcId', 'cidr', 'privateSubnets', 'isolatedSubnets', 'loadBalancerSubnets'], additionalProperties: false } },
      },
      service: { required: ['domainName'], additionalProperties: false, properties: { cpu: { default: 512 } } },
      identity: { required: ['authorizedParty'], additionalProperties: false },
      database: { additionalProperties: false, properties: { allocatedStorageGib: { minimum: 20, maximum: 65_536, default: 100 } } },
      danger: { additionalProperties: false },
    },
  });
});

test('the reference has a row for every field, with a type, a default and what it does', () => {
  const rows = renderReference()
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| |\|$/g, '').trim()));
  expect(rows.map(([field]) => field)).toEqual(expect.arrayContaining([...fields, 'service.hostedZone.id', 'identity.jwksUrl'].map((field) => `\`${field}\``)));
  expect(rows.every((cells) => cells.length === 4 && cells.every((cell) => cell.length > 0))).toBe(true);
});

test('a field of a mapping that may be left out is required only with it', () => {
  expect(renderReference()).toMatch(/^\| `network\.existing\.vpcId` \| text \| required with `network\.existing` \|/m);
  expect(renderReference()).toMatch(/^\| `service\.domainName` \| text \| required \|/m);
});

test('the reference has every rule that spans fields', () => {
  for (const { rule } of contradictions) expect(renderReference()).toContain(`- ${rule}\n`);
});
