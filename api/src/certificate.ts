import { generate } from 'selfsigned';

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Days. Nobody looks at it; a task is replaced long before. */
const VALID_DAYS = 365;
const DAY = 24 * 60 * 60 * 1000;

/**
 * Makes a certificate for this process alone. Its key never leaves memory.
 *
 * It encrypts the way from the load balancer, which takes any certificate from its targets: the network's rules say
 * who can be at the other end.
 */
export async function makeCertificate(): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'halton-api' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + VALID_DAYS * DAY),
  });
  return { cert, key };
}
