import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { Refusal } from './problems.ts';
import { shorten } from './problems.ts';
import { judgeRegion, partitionOf } from './regions.ts';
import { databaseSection } from './sections/database.ts';
import { text } from './sections/fields.ts';

/** They go into two task definitions, each of which ECS takes up to 64 KiB; a region's bundle has about 5. */
const MOST_BYTES = 16 * 1024;

const BLOCK = '-----BEGIN CERTIFICATE-----\\s[A-Za-z0-9+/=\\s]+?-----END CERTIFICATE-----';
const BUNDLE = new RegExp(`^\\s*(?:${BLOCK}\\s*)+$`);

const named = z.object({ region: text('a region', judgeRegion), database: databaseSection.pick({ certificates: true }).strip() });

/** What a file with certificates holds, each in base64, and why it is refused; nothing where a deployment names no such file. */
export interface ReadRoots {
  readonly roots?: readonly string[];
  readonly refusals: readonly Required<Refusal>[];
}

/** Where AWS publishes the root certificates from which RDS certifies the databases of a region. */
export function rootsUrl(region: string): string {
  const host = partitionOf(region) === 'aws' ? 'truststore.pki.rds.amazonaws.com' : 'truststore.pki.us-gov-west-1.rds.amazonaws.com';
  return `https://${host}/${region}/${region}-bundle.pem`;
}

/**
 * Reads the certificates that a deployment names.
 *
 * @param document the deployment as its file has it
 * @param file the deployment file, from whose folder the path is meant
 */
export function readRoots(document: unknown, file: string): ReadRoots {
  const { data } = named.safeParse(document);
  if (data?.database.certificates === undefined) return { refusals: [] };
  const path = resolve(dirname(file), data.database.certificates);
  try {
    return judgeRoots(readFileSync(path), data.region, new Date());
  } catch (error) {
    const reason = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
    const mend = `download ${rootsUrl(data.region)} and write where it lies, seen from this file`;
    return { refusals: [{ got: shorten(data.database.certificates), expected: `a file with certificates, which ${path} is not (${reason})`, mend }] };
  }
}

/** Refuses what is no bundle of root certificates of RDS for a region, by each certificate that is wrong. */
export function judgeRoots(bundle: Buffer, region: string, now: Date): ReadRoots {
  const mend = `download ${rootsUrl(region)} anew`;
  const pem = bundle.toString('latin1');
  if (bundle.length > MOST_BYTES) return { refusals: [{ got: `a file of ${bundle.length} bytes`, expected: `at most ${MOST_BYTES}, which is several times what one region has`, mend }] };
  if (!BUNDLE.test(pem)) return { refusals: [{ got: 'a file with something else', expected: 'nothing but certificates in PEM, from BEGIN CERTIFICATE to END CERTIFICATE', mend }] };
  const certificates = [...pem.matchAll(new RegExp(BLOCK, 'g'))].map(([block]) => parse(block));
  const refusals = certificates.flatMap((certificate, index): readonly Required<Refusal>[] => {
    const wrong = certificate === undefined ? { got: 'no certificate', expected: 'one that can be read' } : flawOf(certificate, region, now);
    return wrong === undefined ? [] : [{ got: `${wrong.got} as certificate ${index + 1} of ${certificates.length}`, expected: wrong.expected, mend }];
  });
  return { roots: certificates.flatMap((certificate) => certificate?.raw.toString('base64') ?? []), refusals };
}

function flawOf(certificate: X509Certificate, region: string, now: Date): { readonly got: string; readonly expected: string } | undefined {
  const name = shorten(/^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? 'one without a name');
  if (!name.startsWith(`Amazon RDS ${region} Root CA`)) return { got: name, expected: `one of the roots Amazon RDS ${region} Root CA, from which RDS certifies databases there` };
  if (!certificate.ca || certificate.subject !== certificate.issuer) return { got: `${name}, which is no root`, expected: 'a certificate that may certify others and was certified by none' };
  if (certificate.validToDate <= now) return { got: `${name}, which expired on ${certificate.validToDate.toISOString().slice(0, 10)}`, expected: 'one that is still valid' };
  return undefined;
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
