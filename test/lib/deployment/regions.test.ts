import { RegionInfo } from 'aws-cdk-lib/region-info';
import { judgeRegion, SUPPORTED_REGIONS } from '../../../lib/deployment/regions.ts';
import { regionOfZone } from '../../../lib/deployment/zones.ts';

const ofPartition = (...partitions: string[]) =>
  RegionInfo.regions.filter(({ partition }) => partition !== undefined && partitions.includes(partition)).map(({ name }) => name);

test('the supported regions are those that the CDK knows in the partitions aws and aws-us-gov', () => {
  expect(SUPPORTED_REGIONS).toEqual(ofPartition('aws', 'aws-us-gov').toSorted());
});

test('every other region that the CDK knows is refused with the name of its partition', () => {
  const others = RegionInfo.regions.filter(({ name }) => !SUPPORTED_REGIONS.includes(name));
  expect(others.length).toBeGreaterThan(0);
  for (const { name, partition } of others) {
    expect(judgeRegion(name)).toMatchObject([{ expected: expect.stringContaining(`partition ${partition?.match(/^aws-[a-z]+/)?.[0]}`) }]);
  }
});

test.each(SUPPORTED_REGIONS)('zones of %s are recognized', (region) => {
  expect(regionOfZone(`${region}a`)).toBe(region);
});
