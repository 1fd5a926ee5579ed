import { readMigrateConfig, readServerConfig } from '../../api/src/config.ts';

const secret = { AWS_REGION: 'eu-west-2', PARAMETER_PATH: '/halton/hosted' };
const JWKS = 'https://api.clerk.com/v1/jwks';
const DASHBOARD = 'https://app.example.com';
const server = { ...secret, IDENTITY_AUTHORIZED_PARTY: DASHBOARD, IDENTITY_JWKS_URL: JWKS };
const migrate = { ...secret, DATABASE_HOST: 'db.example' };
const coded = (code: string, message: string) => expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;

describe('the settings of the server', () => {
  it('are few, and the rest has defaults', () => {
    expect(readServerConfig(server)).toEqual({ ...secret, HOST: '0.0.0.0', PORT: '8443', TLS: 'self-signed', LOG_LEVEL: 'info', identity: { authorizedParty: DASHBOARD, keys: { jwksUrl: JWKS } } });
  });

  it('are all named at once when they are missing, with how to mend it', () => {
    expect(() => readServerConfig({})).toThrow(coded('CONFIG_INVALID', 'AWS_REGION: got nothing, expected the name of a region, as eu-west-2. PARAMETER_PATH: got nothing, expected /halton/ and the name of the deployment. IDENTITY_AUTHORIZED_PARTY: got nothing, expected an https origin, as https://app.example.com. Set them in the environment'));
  });

  it.each([
    ['PORT', '0'], ['PORT', '65536'], ['PORT', '80a'], ['PORT', ''], ['PORT', ' 80'],
    ['HOST', 'elsewhere.example'], ['TLS', 'yes'], ['TLS', ''], ['LOG_LEVEL', 'loud'],
    ['AWS_REGION', 'London'], ['PARAMETER_PATH', 'halton/hosted'], ['PARAMETER_PATH', '/halton/hosted/'], ['PARAMETER_PATH', '/halton/hosted\n'],
    ['IDENTITY_AUTHORIZED_PARTY', 'http://app.example.com'], ['IDENTITY_AUTHORIZED_PARTY', 'https://app.example.com/'],
    ['IDENTITY_ISSUER', 'clerk.example.com'], ['IDENTITY_ISSUER', ''], ['IDENTITY_JWKS_URL', 'https://user@clerk.example.com/jwks'],
  ])('are refused with what was got and expected: %s=%j', (name, value) => {
    expect(() => readServerConfig({ ...server, [name]: value })).toThrow(coded('CONFIG_INVALID', `${name}: got ${JSON.stringify(value)}, expected `));
  });

  it.each(['1', '80', '8443', '65535'])('take the port %s', (PORT) => {
    expect(readServerConfig({ ...server, PORT }).PORT).toBe(PORT);
  });

  it.each(['0.0.0.0', '10.0.0.1', '::', 'fe80::1'])('refuse plain HTTP on %s', (HOST) => {
    expect(() => readServerConfig({ ...server, TLS: 'none', HOST })).toThrow(coded('PLAIN_HTTP_REFUSED', `Got TLS=none with HOST=${HOST}`));
  });

  it.each(['127.0.0.1', '::1', 'localhost'])('take plain HTTP on %s', (HOST) => {
    expect(readServerConfig({ ...server, TLS: 'none', HOST })).toMatchObject({ TLS: 'none', HOST });
  });

  it('show no more than the beginning of what somebody put in the wrong place', () => {
    const value = `sk_live_${'x'.repeat(32)}TAIL`;
    expect(() => readServerConfig({ ...server, TLS: value })).not.toThrow(/TAIL/);
  });
});

describe('the settings of the job that migrates', () => {
  it('verify the database unless it is on this machine', () => {
    expect(readMigrateConfig(migrate)).toEqual({ ...migrate, DATABASE_PORT: '5432', DATABASE_NAME: 'halton', DATABASE_SSLMODE: 'verify-full' });
  });

  it.each([['DATABASE_HOST', 'db example'], ['DATABASE_NAME', 'halton; --'], ['DATABASE_SSLMODE', 'require'], ['DATABASE_PORT', '-1']])('are refused with what was got and expected: %s=%j', (name, value) => {
    expect(() => readMigrateConfig({ ...migrate, [name]: value })).toThrow(coded('CONFIG_INVALID', `${name}: got ${JSON.stringify(value)}, expected `));
  });
});
