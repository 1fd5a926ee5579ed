import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib';
import { familiesIn, sizesOf } from '../../../lib/deployment/instance-families.ts';
import { SUPPORTED_REGIONS } from '../../../lib/deployment/regions.ts';

/** Families that ended before PostgreSQL 17, which the validation does not tell apart. */
const OLDER = /^db\.(?:m[1-4]|r[34]|t[12])\./;

/** The classes that the CDK's validation takes in each region, from what it says of one that is none. */
function validated(): ReadonlyMap<string, readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'halton-classes-'));
  try {
    const properties = { Engine: 'postgres', EngineVersion: '17', DBInstanceClass: 'db.none.large', LicenseModel: 'postgresql-license', MultiAZ: true };
    const stackTemplates = SUPPORTED_REGIONS.map((region) => {
      const templatePath = join(folder, `${region}.template.json`);
      writeFileSync(templatePath, JSON.stringify({ Resources: { Database: { Type: 'AWS::RDS::DBInstance', Properties: properties } } }));
      return { stackConstructPath: region, templatePath, accountId: undefined, region };
    });
    const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
    const { violations } = new CloudFormationValidatePlugin().validate({ appConstruct: new App(), stackTemplates, templatePaths });
    return new Map(
      violations
        .filter(({ ruleName }) => ruleName.includes('E3025'))
        .flatMap(({ description, violatingResources }) =>
          violatingResources.map(({ templatePath = '' }) => {
            const [, ...classes] = [...description.matchAll(/'(db\.[a-z0-9.]+)'/g)].map(([, name = '']) => name);
            return [/([a-z0-9-]+)\.template\.json$/.exec(templatePath)?.[1] ?? '', classes.filter((name) => !OLDER.test(name)).toSorted()] as const;
          }),
        ),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const known = validated();

test('every region is said to offer exactly the classes that the validation of its templates takes', () => {
  expect(known.size).toBeGreaterThan(30);
  for (const [region, classes] of known) {
    const said = familiesIn(region).flatMap((family) => (sizesOf(family) ?? []).map((size) => `db.${family}.${size}`));
    expect({ region, classes: said.toSorted() }).toEqual({ region, classes });
  }
});

test('of a region that the validation does not know, every class is taken', () => {
  const unknown = SUPPORTED_REGIONS.filter((region) => !known.has(region));
  expect(unknown).toEqual(['me-west-1']);
  for (const region of unknown) expect(familiesIn(region)).toContain('m7g');
});
