import { generate } from 'selfsigned';

/** A certificate and its key, in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

const common = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

export async function newAuthority(name = 'Test authority', notAfterDate = new Date(Date.now() + 86_400_000)): Promise<Pair> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    ...common,
    notBeforeDate: new Date(Math.min(Date.now(), notAfterDate.getTime()) - 60_000),
    notAfterDate,
    extensions: [{ name: 'basicConstraints', cA: true, critical: true }, { name: 'keyUsage', keyCertSign: true, critical: true }],
  });
  return { cert, key };
}

/** A server's certificate from that authority, for a host name or an IPv4 address. */
export async function newServerCertificate(ca: Pair, host: string, notAfterDate = new Date(Date.now() + 3_600_000)): Promise<Pair> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: host }], {
    ...common,
    ca,
    notBeforeDate: new Date(Math.min(Date.now(), notAfterDate.getTime()) - 60_000),
    notAfterDate,
    extensions: [{ name: 'subjectAltName', altNames: [/^\d/.test(host) ? { type: 7, ip: host } : { type: 2, value: host }] }],
  });
  return { cert, key };
}

/** What AWS publishes of a region's root certificates, but made here: a bundle in PEM, with the authority behind each. */
export async function newRdsRoots(region: string): Promise<{ readonly bundle: string; readonly authorities: readonly Pair[] }> {
  const authorities = await Promise.all(['RSA2048', 'RSA4096', 'ECC384'].map((kind) => newAuthority(`Amazon RDS ${region} Root CA ${kind} G1`)));
  return { bundle: authorities.map(({ cert }) => `${cert.trim()}\n`).join(''), authorities };
}
