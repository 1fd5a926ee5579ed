import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readServerConfig } from '../../api/src/config.ts';

const JWKS = { IDENTITY_JWKS_URL: 'https://api.clerk.com/v1/jwks' };
const settings = { AWS_REGION: 'eu-west-2', PARAMETER_PATH: '/halton/hosted', IDENTITY_AUTHORIZED_PARTY: 'https://app.example.com' };
const identityOf = (environment: Readonly<Record<string, string>>) => readServerConfig({ ...settings, ...environment }).identity;

const pem = (key: KeyObject) => key.export({ type: key.type === 'public' ? 'spki' : 'pkcs8', format: 'pem' }).toString();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const coded = (code: string, message: string) => expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;

describe('the identity provider', () => {
  it('is told by the dashboard’s origin and where the keys are', () => {
    expect(identityOf(JWKS)).toEqual({ authorizedParty: 'https://app.example.com', keys: { jwksUrl: 'https://api.clerk.com/v1/jwks' } });
  });

  it('may be one issuer alone', () => {
    expect(identityOf({ ...JWKS, IDENTITY_ISSUER: 'https://clerk.example.com' }).issuer).toBe('https://clerk.example.com');
  });

  it('may have its one key pinned', () => {
    const { keys } = identityOf({ IDENTITY_PUBLIC_KEY: pem(rsa.publicKey) });
    expect('publicKey' in keys && keys.publicKey.equals(rsa.publicKey)).toBe(true);
  });

  it('is refused without a key, and with two that could each decide', () => {
    expect(() => identityOf({})).toThrow(coded('IDENTITY_KEY_UNCLEAR', 'Got neither IDENTITY_JWKS_URL nor IDENTITY_PUBLIC_KEY, expected one of the two'));
    expect(() => identityOf({ ...JWKS, IDENTITY_PUBLIC_KEY: pem(rsa.publicKey) })).toThrow(coded('IDENTITY_KEY_UNCLEAR', 'Got both IDENTITY_JWKS_URL and IDENTITY_PUBLIC_KEY'));
  });

  it.each([
    ['nothing of a key', '', 'got no public key in PEM'],
    ['a key that was cut off', pem(rsa.publicKey).replace(/[A-Za-z0-9+/]{64}\n/, ''), 'got no public key in PEM'],
    ['a private key', pem(rsa.privateKey), 'got no public key in PEM'],
    ['a key of another kind', pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey), 'got a key of type ec'],
    ['a short key', pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey), 'got an RSA key of 1024 bits'],
  ])('is refused with %s, which is not repeated', (_, key, said) => {
    const refused = () => identityOf({ IDENTITY_PUBLIC_KEY: key });
    expect(refused).toThrow(coded('IDENTITY_KEY_INVALID', `${said}, expected one RSA public key of at least 2048 bits`));
    expect(refused).not.toThrow(/MII/);
  });
});
