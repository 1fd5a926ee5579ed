import { X509Certificate } from 'node:crypto';
import { connectionTo, openPool, parseDatabaseUrl } from '../../api/src/database.ts';
import { rdsRoots } from '../../api/src/rds-roots.ts';
import { newAuthority, newServerCertificate } from '../support/certificates.ts';
import type { Pair } from '../support/certificates.ts';
import { PASSWORDS, TestPostgres } from '../support/postgres.ts';

const coded = (code: string) => expect.objectContaining({ code }) as Error;

describe('a connection to the database', () => {
  let postgres: TestPostgres;
  let database: string;
  let authority: Pair;

  beforeAll(async () => {
    postgres = await TestPostgres.start();
    database = await postgres.migrated();
    authority = await newAuthority();
  });
  afterAll(() => postgres.stop());

  /** Puts files beside the data as the server's own user, whom alone it lets own its key. */
  async function serveWith(certificate: Pair | 'no TLS'): Promise<void> {
    if (certificate !== 'no TLS') {
      for (const [file, pem] of [['server.crt', certificate.cert], ['server.key', certificate.key]] as const) {
        const lines = `SELECT unnest(string_to_array('${pem.trim().replaceAll('\r', '')}', E'\\n'))`;
        await postgres.asSuperuser(`COPY (${lines}) TO PROGRAM 'umask 077; cat > ${file}'`);
      }
    }
    await postgres.asSuperuser(`ALTER SYSTEM SET ssl = ${certificate === 'no TLS' ? 'off' : 'on'}`);
    const [{ loaded } = { loaded: '' }] = await postgres.asSuperuser<{ loaded: string }>('SELECT pg_conf_load_time()::text AS loaded');
    await postgres.asSuperuser('SELECT pg_reload_conf()');
    while ((await postgres.asSuperuser<{ loaded: string }>('SELECT pg_conf_load_time()::text AS loaded'))[0]?.loaded === loaded);
  }

  async function encrypted(sslMode = 'verify-full', roots: readonly string[] = [authority.cert], host = '127.0.0.1'): Promise<unknown> {
    const url = `postgresql://halton_api_a:${PASSWORDS.halton_api_a}@${host}:${postgres.port}/${database}?sslmode=${sslMode}`;
    const pool = openPool(connectionTo(parseDatabaseUrl(url), () => roots));
    try {
      return (await pool.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows[0];
    } finally {
      await pool.end();
    }
  }

  it('is encrypted when authority and host are right', async () => {
    await serveWith(await newServerCertificate(authority, '127.0.0.1'));
    expect(await encrypted()).toEqual({ ssl: true });
  });

  it('is refused by a certificate of another authority', async () => {
    await serveWith(await newServerCertificate(await newAuthority('Somebody else'), '127.0.0.1'));
    await expect(encrypted()).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  it('is refused by the same name of authority with another key', async () => {
    await serveWith(await newServerCertificate(await newAuthority(), '127.0.0.1'));
    await expect(encrypted()).rejects.toMatchObject({ code: expect.stringMatching(/^(CERT_SIGNATURE_FAILURE|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/) as string });
  });

  it.each(['database.example', '127.0.0.2'])('is refused by a certificate for another host: %s', async (other) => {
    await serveWith(await newServerCertificate(authority, other));
    await expect(encrypted()).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it('is refused to an address by a certificate for localhost', async () => {
    await serveWith(await newServerCertificate(authority, 'localhost'));
    await expect(encrypted()).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(await encrypted('verify-full', [authority.cert], 'localhost')).toEqual({ ssl: true });
  });

  it('is refused by a certificate that has expired', async () => {
    await serveWith(await newServerCertificate(authority, '127.0.0.1', new Date(Date.now() - 1_000)));
    await expect(encrypted()).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' });
  });

  it('is refused by a server that RDS did not certify', async () => {
    await serveWith(await newServerCertificate(authority, '127.0.0.1'));
    await expect(encrypted('verify-full', rdsRoots('eu-west-2'))).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  it('is refused by a server without TLS, rather than made in plaintext', async () => {
    await serveWith('no TLS');
    await expect(encrypted()).rejects.toThrow('The server does not support SSL connections');
    expect(await encrypted('disable')).toEqual({ ssl: false });
  });

  it('ends a statement that nobody waits for any more', async () => {
    const pool = openPool(postgres.asLogin(database));
    expect((await pool.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '15s' }]);
    expect((await pool.query('SHOW idle_in_transaction_session_timeout')).rows).toEqual([{ idle_in_transaction_session_timeout: '10s' }]);
    await pool.end();
  });
});

describe('a database URL', () => {
  const at = (host: string, query: string) => connectionTo(parseDatabaseUrl(`postgresql://a:b@${host}:5432/halton${query}`), () => ['root']);

  it('is read with its login decoded', () => {
    expect(parseDatabaseUrl('postgresql://halton_api_a:p%40ss@db.example:6432/halton?sslmode=verify-full')).toEqual({
      user: 'halton_api_a', password: 'p@ss', host: 'db.example', port: 6432, database: 'halton', sslMode: 'verify-full',
    });
  });

  it('gets TLS with the certificate verified', () => {
    expect(at('db.example', '?sslmode=verify-full')).toMatchObject({ host: 'db.example', ssl: { rejectUnauthorized: true, ca: ['root'] } });
  });

  it.each(['', '?sslmode=disable', '?sslmode=allow', '?sslmode=prefer', '?sslmode=require', '?sslmode=verify-ca', '?sslmode=VERIFY-FULL'])('is refused for another host with %j', (query) => {
    expect(() => at('db.example', query)).toThrow(coded('DATABASE_TLS_REQUIRED'));
  });

  it.each(['127.0.0.1', '127.9.9.9', '[::1]', 'localhost'])('may ask for plaintext on this machine: %s', (host) => {
    expect(at(host, '?sslmode=disable')).toMatchObject({ ssl: false });
    expect(() => at(host, '?sslmode=prefer')).toThrow(coded('DATABASE_TLS_REQUIRED'));
  });

  it.each(['localhost.example', '127.0.0.1.example', '128.0.0.1'])('may not ask for plaintext on what only looks like this machine: %s', (host) => {
    expect(() => at(host, '?sslmode=disable')).toThrow(coded('DATABASE_TLS_REQUIRED'));
  });

  it.each([
    'no url',
    'mysql://a:s3cr3t@h:1/d?sslmode=verify-full',
    'postgresql://h/d?sslmode=verify-full',
    'postgresql://a:s3cr3t@h/?sslmode=verify-full',
    'postgresql://a:s3cr3t@h/d?sslmode=verify-full&host=elsewhere',
    'postgresql://a:s3cr3t@h:port/d?sslmode=verify-full',
  ])('is refused without being repeated: %s', (text) => {
    expect(() => parseDatabaseUrl(text)).toThrow(coded('DATABASE_URL_MALFORMED'));
    expect(() => parseDatabaseUrl(text)).not.toThrow(/s3cr3t|elsewhere/);
  });
});

describe('the root certificates of RDS', () => {
  it('are those of the region alone, and some of them are valid', () => {
    const roots = rdsRoots('eu-west-2').map((pem) => new X509Certificate(pem));
    expect(roots.map(({ subject }) => /CN=(.*)/.exec(subject)?.[1])).toEqual([
      'Amazon RDS eu-west-2 Root CA ECC384 G1',
      'Amazon RDS eu-west-2 Root CA RSA4096 G1',
      'Amazon RDS eu-west-2 Root CA RSA2048 G1',
    ]);
    expect(roots.every(({ ca, validToDate }) => ca && validToDate.getTime() > Date.now())).toBe(true);
  });

  it('are missing for a region that nobody knows, which is said', () => {
    expect(() => rdsRoots('xx-nowhere-1')).toThrow(coded('RDS_ROOTS_UNKNOWN'));
  });
});
