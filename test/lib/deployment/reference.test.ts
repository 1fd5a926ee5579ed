import { readFileSync } from 'node:fs';
import { contradictions } from '../../../lib/deployment/contradictions.ts';
import { loadDeployment } from '../../../lib/deployment/load.ts';
import { renderJsonSchema, renderReference } from '../../../lib/deployment/reference.ts';

const fields = Object.entries(loadDeployment('deployments/hosted.yaml')).flatMap(([key, value]) =>
  typeof value === 'object' ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key],
);

test('the committed JSON Schema is current', () => {
  expect(readFileSync('lib/deployment/schema.json', 'utf8')).toBe(renderJsonSchema());
});

test('the committed reference is current', () => {
  expect(readFileSync('docs/deployment.md', 'utf8')).toBe(renderReference());
});

test('the hosted file tells editors where the schema is', () => {
  expect(readFileSync('deployments/hosted.yaml', 'utf8').split('\n')[0]).toBe('# yaml-language-server: $schema=../lib/deployment/schema.json');
});

test('the JSON Schema is strict and asks only for what has no default', () => {
  const schema: unknown = JSON.parse(renderJsonSchema());
  expect(schema).toMatchObject({
    required: ['name', 'kind', 'region', 'network'],
    additionalProperties: false,
    properties: {
      network: { required: ['availabilityZones'], additionalProperties: false },
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
  expect(rows.map(([field]) => field)).toEqual(expect.arrayContaining([...fields, 'account'].map((field) => `\`${field}\``)));
  expect(rows.every((cells) => cells.length === 4 && cells.every((cell) => cell.length > 0))).toBe(true);
});

test('the reference has every rule that spans fields', () => {
  for (const { rule } of contradictions) expect(renderReference()).toContain(`- ${rule}\n`);
});
