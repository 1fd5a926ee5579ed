import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rdsRoots } from '../../../api/src/rds-roots.ts';
import { parseDeployment } from '../../../lib/deployment/load.ts';
import { rootsUrl } from '../../../lib/deployment/rds-roots.ts';
import { REGIONS_WITHOUT_ROOTS, SUPPORTED_REGIONS } from '../../../lib/deployment/regions.ts';
import { newAuthority, newRdsRoots, newServerCertificate } from '../../support/certificates.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { fileWith, refusal } from './refused.ts';

const region = 'il-central-1';
const url = 'https://truststore.pki.rds.amazonaws.com/il-central-1/il-central-1-bundle.pem';
const there = { region, network: { availabilityZones: [`${region}a`, `${region}b`] } };

let folder = '';
let bundle = '';
beforeAll(async () => {
  folder = temporaryFolder('roots');
  ({ bundle } = await newRdsRoots(region));
});

/** Reads a deployment beside a file with this content. */
function read(content: string, change: Readonly<Record<string, unknown>> = there) {
  writeFileSync(join(folder, 'roots.pem'), content);
  return parseDeployment(fileWith({ ...change, database: { certificates: 'roots.pem' } }), join(folder, 'acme.yaml'));
}

test('the regions that need them are those whose roots the service does not find in its package', () => {
  const known = (name: string): boolean => {
    try {
      return rdsRoots(name).length > 0;
    } catch {
      return false;
    }
  };
  expect(REGIONS_WITHOUT_ROOTS).toEqual(SUPPORTED_REGIONS.filter((name) => !known(name)));
});

test('the certificates of a file beside the deployment file are read, and the service finds in them the roots of the region', () => {
  const { rdsRoots: roots = [] } = read(`\n${bundle}\r\n`);
  expect(roots.map((base64) => new X509Certificate(Buffer.from(base64, 'base64')).toString().trim())).toEqual(bundle.trim().split(/(?<=-----END CERTIFICATE-----)\r?\n/).map((pem) => pem.replaceAll('\r', '').trim()));
  expect(roots.join(' ')).toMatch(/^[A-Za-z0-9+/=]+( [A-Za-z0-9+/=]+){2}$/);
  expect(rdsRoots(region, roots.join(' '))).toHaveLength(3);
});

test('a region whose roots the service brings along may be given others', async () => {
  const { bundle: others } = await newRdsRoots('eu-west-2');
  expect(read(others, {}).rdsRoots).toHaveLength(3);
});

test('a deployment that names none has none', () => {
  expect(parseDeployment(fileWith({}), 'acme.yaml')).not.toHaveProperty('rdsRoots');
});

test('they are downloaded from where AWS publishes them, in GovCloud from its own host', () => {
  expect(rootsUrl(region)).toBe(url);
  expect(rootsUrl('us-gov-east-1')).toBe('https://truststore.pki.us-gov-west-1.rds.amazonaws.com/us-gov-east-1/us-gov-east-1-bundle.pem');
});

describe('is refused with what was got and where to download it:', () => {
  async function told(content: string | Promise<string>) {
    const text = await content;
    const { problems, message } = refusal(() => read(text));
    for (const { field, line, mend } of problems) expect({ field, line, mend }).toEqual({ field: 'database.certificates', line: expect.any(Number), mend: `download ${url} anew` });
    return { all: problems.map(({ got, expected }) => `${got} | ${expected}`), message };
  }

  test.each([
    ['an empty file', () => ''],
    ['a page instead of a bundle', () => '<html>Not found</html>'],
    ['a bundle that was cut off', () => bundle.slice(0, -40)],
    ['a bundle with words in between', () => `Amazon RDS\n${bundle}`],
  ])('%s', async (_, content) => {
    expect((await told(content())).all).toEqual(['a file with something else | nothing but certificates in PEM, from BEGIN CERTIFICATE to END CERTIFICATE']);
  });

  test('a private key, of which nothing is repeated', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    const { all, message } = await told(bundle + privateKey);
    expect(all).toHaveLength(1);
    expect(message).not.toContain(privateKey.split('\n')[1]?.slice(0, 20));
  });

  test('a file that is too large for a task definition', async () => {
    expect((await told(bundle.repeat(20))).all).toEqual([expect.stringMatching(/^a file of \d+ bytes \| at most 16384, /)]);
  });

  test('a block that is no certificate', async () => {
    expect((await told(`${bundle}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`)).all).toEqual(['no certificate as certificate 4 of 4 | one that can be read']);
  });

  test.each([
    ['of another region', 'Amazon RDS eu-west-2 Root CA RSA2048 G1'],
    ['of a preview', `Amazon RDS Preview ${region} Root CA RSA2048 G1`],
    ['from which anybody may have a certificate', 'Amazon Root CA 1'],
  ])('a root %s', async (_, name) => {
    const { cert } = await newAuthority(name);
    expect((await told(bundle + cert)).all).toEqual([`${name} as certificate 4 of 4 | one of the roots Amazon RDS ${region} Root CA, from which RDS certifies databases there`]);
  });

  test('a certificate that is no root, each by its place', async () => {
    const name = `Amazon RDS ${region} Root CA`;
    const { cert } = await newServerCertificate(await newAuthority(`${name} G1`), name);
    const wrong = (place: number) => `${name}, which is no root as certificate ${place} of 5 | a certificate that may certify others and was certified by none`;
    expect((await told(`${cert.trim()}\n${bundle}${cert}`)).all).toEqual([wrong(1), wrong(5)]);
  });

  test('a root that has expired', async () => {
    const name = `Amazon RDS ${region} Root CA RSA2048 G0`;
    const { cert } = await newAuthority(name, new Date('2024-08-22T17:08:50Z'));
    expect((await told(cert)).all).toEqual([`${name}, which expired on 2024-08-22 as certificate 1 of 1 | one that is still valid`]);
  });
});

test.each([
  ['a file that is not there', 'nowhere.pem', 'ENOENT'],
  ['a folder', '.', 'EISDIR'],
])('%s is refused with its whole path and the reason', (_, path, reason) => {
  const { problems } = refusal(() => parseDeployment(fileWith({ ...there, database: { certificates: path } }), join(folder, 'acme.yaml')));
  expect(problems).toMatchObject([{ field: 'database.certificates', got: path, expected: `a file with certificates, which ${join(folder, path).replace(/\/$/, '')} is not (${reason})`, mend: `download ${url} and write where it lies, seen from this file` }]);
});

test('a path of two lines, such as the certificates themselves, is refused', () => {
  const { problems } = refusal(() => parseDeployment(fileWith({ ...there, database: { certificates: bundle } }), 'acme.yaml'));
  expect(problems).toMatchObject([{ field: 'database.certificates', expected: 'the path of a file, on one line' }]);
});
