import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib';
import { FAMILIES, familiesIn, sizesOf } from '../../../lib/deployment/instance-families.ts';
import { SUPPORTED_REGIONS } from '../../../lib/deployment/regions.ts';
import { hosted, resources, templatesOf } from '../../support/deployments.ts';
import { temporaryFolder } from '../../support/temporary.ts';

type Classes = ReadonlyMap<string, readonly string[]>;

/** What the CDK's validation says of databases of these classes by region, which are as they are deployed otherwise. */
function said(asked: Classes): readonly { readonly region: string; readonly asked: string; readonly description: string }[] {
  const folder = temporaryFolder('classes');
  const [{ Properties } = { Properties: {} }] = Object.values(resources(templatesOf(hosted).data, 'AWS::RDS::DBInstance'));
  const settled = Object.fromEntries(Object.entries(Properties).filter(([, value]) => typeof value !== 'object'));
  const stackTemplates = [...asked].map(([region, classes]) => {
    const templatePath = join(folder, `${region}.template.json`);
    const databases = classes.map((DBInstanceClass, index) => [`Database${index}`, { Type: 'AWS::RDS::DBInstance', Properties: { ...settled, DBInstanceClass } }]);
    writeFileSync(templatePath, JSON.stringify({ Resources: Object.fromEntries(databases) }));
    return { stackConstructPath: region, templatePath, accountId: undefined, region };
  });
  const regions = new Map(stackTemplates.map(({ region, templatePath }) => [templatePath, region]));
  const { violations } = new CloudFormationValidatePlugin().validate({ appConstruct: new App(), stackTemplates, templatePaths: [...regions.keys()] });
  return violations
    .filter(({ ruleName }) => ruleName.includes('E3025'))
    .flatMap(({ description, violatingResources }) =>
      violatingResources.map(({ templatePath = '', resourceLogicalId = '' }) => {
        const region = regions.get(templatePath) ?? '';
        return { region, asked: asked.get(region)?.[Number(resourceLogicalId.replace('Database', ''))] ?? '', description };
      }),
    );
}

const familyOf = (name: string) => name.split('.')[1] ?? '';

/** Of a class that is none it names others, among them some that it then refuses, and families that ended before PostgreSQL 17. */
const named: Classes = new Map(
  said(new Map(SUPPORTED_REGIONS.map((region) => [region, ['db.none.large']]))).map(({ region, description }) => {
    const classes = [...description.matchAll(/'(db\.[a-z0-9.]+)'/g)].slice(1).map(([, name = '']) => name);
    return [region, classes.filter((name) => !/^db\.(?:m[1-4]|r[34]|t[12])\./.test(name))];
  }),
);
/** One class of each family that is named; the sizes of a family are the same everywhere. */
const asked: Classes = new Map([...named].map(([region, classes]) => [region, [...new Map(classes.map((name) => [familyOf(name), name])).values()]]));
const refused = new Set(said(asked).map(({ region, asked: name }) => `${region} ${familyOf(name)}`));

test.each([...named.keys()])('%s is said to offer exactly the classes that the validation of its templates takes', (region) => {
  const taken = named.get(region)?.filter((name) => !refused.has(`${region} ${familyOf(name)}`));
  const ours = familiesIn(region).flatMap((family) => (sizesOf(family) ?? []).map((size) => `db.${family}.${size}`));
  expect(ours.toSorted()).toEqual(taken?.toSorted());
});

test('of a region of which the validation knows nothing, every class is taken', () => {
  expect(SUPPORTED_REGIONS.filter((region) => !named.has(region))).toEqual(['me-west-1']);
  expect(familiesIn('me-west-1')).toEqual(FAMILIES);
});

test('every family is offered somewhere', () => {
  expect([...new Set([...named.keys()].flatMap(familiesIn))].toSorted()).toEqual(FAMILIES.toSorted());
});
