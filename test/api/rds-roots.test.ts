import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { connectionTo, parseDatabaseUrl } from '../../api/src/database.ts';
import { rdsRoots } from '../../api/src/rds-roots.ts';
import { newAuthority, newRdsRoots, newServerCertificate, type Pair } from '../support/certificates.ts';

const region = 'il-central-1';
const coded = (code: string) => expect.objectContaining({ code }) as Error;
const base64 = ({ cert }: Pair) => new X509Certificate(cert).raw.toString('base64');

let authorities: readonly Pair[] = [];
let given = '';
beforeAll(async () => {
  ({ authorities } = await newRdsRoots(region));
  given = authorities.map(base64).join(' ');
});

/** Whether a database with this certificate is trusted by roots that are given. */
async function isTrusted({ cert, key }: Pair, roots: string): Promise<boolean> {
  const server = createServer({ cert, key }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { ssl } = connectionTo(parseDatabaseUrl('postgresql://a:b@db.example/halton?sslmode=verify-full'), () => rdsRoots(region, roots));
  const socket = connect({ ...(ssl as object), host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  try {
    return await Promise.race([once(socket, 'secureConnect').then(() => socket.authorized), once(socket, 'error').then(() => false)]);
  } catch {
    return false;
  } finally {
    socket.destroy();
    server.close();
  }
}

it.each([0, 1, 2])('a database that root %i of the given ones certified is trusted', async (index) => {
  const authority = authorities[index] ?? { cert: '', key: '' };
  expect(await isTrusted(await newServerCertificate(authority, '127.0.0.1'), given)).toBe(true);
});

it('a database that another authority of the same name certified is not', async () => {
  const other = await newAuthority(`Amazon RDS ${region} Root CA RSA2048 G1`);
  expect(await isTrusted(await newServerCertificate(other, '127.0.0.1'), given)).toBe(false);
});

it('what is given takes the place of what the package holds', async () => {
  const { authorities: [other] } = await newRdsRoots('eu-west-2');
  const roots = rdsRoots('eu-west-2', other === undefined ? '' : base64(other)).map((pem) => new X509Certificate(pem).raw);
  expect(roots).toEqual([new X509Certificate(other?.cert ?? '').raw]);
});

it('roots of another region and those from which anybody may have a certificate are left out, and none is said', async () => {
  const anybodys = base64(await newAuthority('Amazon Root CA 1'));
  expect(rdsRoots(region, `${anybodys} ${given}`)).toHaveLength(3);
  expect(() => rdsRoots(region, anybodys)).toThrow(coded('RDS_ROOTS_UNKNOWN'));
  expect(() => rdsRoots('eu-west-2', given)).toThrow(coded('RDS_ROOTS_UNKNOWN'));
});

it('a region of which the package holds none says how to name them', () => {
  expect(() => rdsRoots(region)).toThrow(expect.objectContaining({ code: 'RDS_ROOTS_UNKNOWN', message: expect.stringContaining('as database.certificates, and deploy again') as string }) as Error);
});

it.each(['', 'AAAA', 'no certificate'])('what is no certificate is refused: %j', (text) => {
  expect(() => rdsRoots(region, text)).toThrow(coded('CONFIG_INVALID'));
});
