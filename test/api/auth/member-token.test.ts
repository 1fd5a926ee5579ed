import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import { MemberTokens } from '../../../api/src/auth/member-token.ts';
import { AUTHORIZED_PARTY, ISSUER, TestIssuer } from '../../support/identity.ts';

const issuer = new TestIssuer();
const tokens = new MemberTokens(issuer.identity);
const now = () => Math.floor(Date.now() / 1000);
const USER = 'user_2abc';

const encode = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const parts = (jwt: string) => jwt.split('.') as [string, string, string];
const refusalOf = async (jwt: string) => {
  const verdict = await tokens.verify(jwt);
  return verdict.ok ? 'accepted' : verdict.refusal;
};

describe('HM-AUTH-1: a token of a member', () => {
  it('is taken, and tells the user and the session', async () => {
    expect(await tokens.verify(await issuer.token(USER, { sid: 'sess_1' }))).toEqual({ ok: true, userId: USER, sessionId: 'sess_1' });
  });

  it('is taken a few seconds after its end, since clocks differ, and not later', async () => {
    expect(await refusalOf(await issuer.token(USER, { iat: now() - 60, exp: now() - 3 }))).toBe('accepted');
    expect(await refusalOf(await issuer.token(USER, { iat: now() - 60, exp: now() - 10 }))).toBe('TOKEN_EXPIRED');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['without an end', { exp: undefined }, 'TOKEN_CLAIMS'],
    ['with an end that is text', { exp: '9999999999' }, 'TOKEN_CLAIMS'],
    ['that begins later', { nbf: now() + 60 }, 'TOKEN_NOT_YET_VALID'],
    ['that was issued in the future', { iat: now() + 60, exp: now() + 120 }, 'TOKEN_NOT_YET_VALID'],
    ['without a time of issue', { iat: undefined }, 'TOKEN_CLAIMS'],
    ['of another issuer', { iss: 'https://clerk.example.com' }, 'TOKEN_ISSUER'],
    ['of no issuer', { iss: undefined }, 'TOKEN_ISSUER'],
    ['of a list of issuers', { iss: [ISSUER] }, 'TOKEN_ISSUER'],
    ['of no user', { sub: undefined }, 'TOKEN_CLAIMS'],
    ['of an empty user', { sub: '' }, 'TOKEN_CLAIMS'],
    ['of a user that is no text', { sub: 7 }, 'TOKEN_CLAIMS'],
    ['of a user with a blank', { sub: 'user 1' }, 'TOKEN_CLAIMS'],
    ['of a user too long to store', { sub: 'u'.repeat(256) }, 'TOKEN_CLAIMS'],
    ['of no session', { sid: undefined }, 'TOKEN_CLAIMS'],
  ])('%s is refused', async (_, claims, refusal) => {
    expect(await refusalOf(await issuer.token(USER, claims))).toBe(refusal);
  });

  it.each<[string, unknown, string]>([
    ['missing', undefined, 'TOKEN_AUTHORIZED_PARTY'],
    ['another origin', 'https://app.example.com', 'TOKEN_AUTHORIZED_PARTY'],
    ['the origin with a slash', `${AUTHORIZED_PARTY}/`, 'TOKEN_AUTHORIZED_PARTY'],
    ['the origin in capitals', AUTHORIZED_PARTY.toUpperCase(), 'TOKEN_AUTHORIZED_PARTY'],
    ['a longer origin that begins with it', `${AUTHORIZED_PARTY}.example.com`, 'TOKEN_AUTHORIZED_PARTY'],
    ['a list with the origin', [AUTHORIZED_PARTY], 'TOKEN_AUTHORIZED_PARTY'],
    ['empty', '', 'TOKEN_AUTHORIZED_PARTY'],
    ['null', null, 'TOKEN_AUTHORIZED_PARTY'],
  ])('HM-AUTH-2: whose azp is %s is refused', async (_, azp, refusal) => {
    expect(await refusalOf(await issuer.token(USER, { azp }))).toBe(refusal);
  });
});

describe('a forged token', () => {
  const payload = () => ({ sub: USER, sid: 's', azp: AUTHORIZED_PARTY, iss: ISSUER, iat: now(), exp: now() + 60 });

  it('with no algorithm is refused, whatever its signature', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      expect(await refusalOf(`${encode({ alg })}.${encode(payload())}.`)).toBe('TOKEN_MALFORMED');
      expect(await refusalOf(`${encode({ alg })}.${encode(payload())}.${'A'.repeat(342)}`)).toMatch(/^TOKEN_(SIGNATURE|MALFORMED)$/);
    }
  });

  it('signed with the public key as a shared secret is refused', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pinned = new MemberTokens({ ...issuer.identity, keys: { publicKey } });
    const pem = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
    const jwt = await new SignJWT(payload()).setProtectedHeader({ alg: 'HS256' }).sign(pem);
    expect(await pinned.verify(jwt)).toEqual({ ok: false, refusal: 'TOKEN_SIGNATURE' });
  });

  it.each(['PS256', 'RS384', 'RS512', 'ES256', 'EdDSA', 'HS256'])('that says %s is refused, whoever signed it', async (alg) => {
    const [, body, signature] = parts(await issuer.token(USER));
    expect(await refusalOf(`${encode({ alg, kid: 'ins_1' })}.${body}.${signature}`)).toBe('TOKEN_SIGNATURE');
  });

  it('of another key is refused', async () => {
    expect(await refusalOf(await new TestIssuer().token(USER))).toBe('TOKEN_SIGNATURE');
  });

  it('whose header brings its own key, or says where one is, is refused without asking there', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = await exportJWK(publicKey);
    for (const more of [{ jwk }, { jku: 'http://127.0.0.1:1/keys' }, { x5u: 'http://127.0.0.1:1/keys' }, { kid: '../../etc/passwd' }, { kid: "' OR '1'='1" }]) {
      const jwt = await new SignJWT(payload()).setProtectedHeader({ alg: 'RS256', ...more }).sign(privateKey);
      expect(await refusalOf(jwt)).toBe('TOKEN_SIGNATURE');
    }
  });

  it('with a critical extension that nobody knows is refused', async () => {
    const [, body, signature] = parts(await issuer.token(USER));
    for (const crit of [['http://example.com/more'], [], 'b64', ['b64']]) {
      expect(await refusalOf(`${encode({ alg: 'RS256', crit, b64: false, 'http://example.com/more': 1 })}.${body}.${signature}`)).toMatch(/^TOKEN_(MALFORMED|SIGNATURE)$/);
    }
  });

  it('whose body was changed is refused', async () => {
    const [head, , signature] = parts(await issuer.token(USER));
    expect(await refusalOf(`${head}.${encode({ ...payload(), sub: 'user_other' })}.${signature}`)).toBe('TOKEN_SIGNATURE');
  });
});

describe('a token that is written as no token is', () => {
  it.each<[string, (jwt: string) => string]>([
    ['with padding', (jwt) => `${jwt}=`],
    ['with two signs of padding', (jwt) => `${jwt}==`],
    ['with the other alphabet', (jwt) => jwt.replaceAll(/[-_]/g, '+').replace(/.$/, '/')],
    ['with a line break', (jwt) => `${jwt}\n`],
    ['with a blank in front', (jwt) => ` ${jwt}`],
    ['with four parts', (jwt) => `${jwt}.${parts(jwt)[2]}`],
    ['with two parts', (jwt) => jwt.slice(0, jwt.lastIndexOf('.'))],
    ['with an empty signature', (jwt) => jwt.slice(0, jwt.lastIndexOf('.') + 1)],
    ['with no head', (jwt) => jwt.slice(jwt.indexOf('.'))],
    ['with a head that is no object', (jwt) => `${encode('[]')}.${parts(jwt)[1]}.${parts(jwt)[2]}`],
    ['with a body that is no JSON', (jwt) => `${parts(jwt)[0]}.${encode('{')}.${parts(jwt)[2]}`],
  ])('%s is refused', async (_, spoil) => {
    expect(await refusalOf(spoil(await issuer.token(USER)))).toMatch(/^TOKEN_(MALFORMED|SIGNATURE)$/);
  });

  it('with stray bits in the last character is refused, although it decodes to the same bytes', async () => {
    const jwt = await issuer.token(USER);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(jwt.at(-1) ?? '');
    const stray = `${jwt.slice(0, -1)}${alphabet[last + 1]}`;
    expect(Buffer.from(parts(stray)[2], 'base64url')).toEqual(Buffer.from(parts(jwt)[2], 'base64url'));
    expect(await refusalOf(stray)).toBe('TOKEN_MALFORMED');
  });
});

describe('keys that are fetched', () => {
  let server: Server;
  let keys: readonly object[];
  let status: number;
  let fetched: number;
  let url: string;

  beforeEach(async () => {
    [keys, status, fetched] = [[], 200, 0];
    server = createServer((_, response) => {
      fetched += 1;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
    });
    await new Promise<void>((listening) => {
      server.listen(0, '127.0.0.1', listening);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`;
  });
  afterEach(() => server.close());

  const pair = async (kid: string) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }, privateKey };
  };
  const signed = ({ privateKey }: Awaited<ReturnType<typeof pair>>, kid: string) =>
    new SignJWT({ sub: USER, sid: 's', azp: AUTHORIZED_PARTY, iss: ISSUER, iat: now(), exp: now() + 60 }).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
  const remote = (clock = () => new Date()) => new MemberTokens({ authorizedParty: AUTHORIZED_PARTY, issuer: ISSUER, keys: { jwksUrl: url } }, clock);

  it('are fetched once for many tokens', async () => {
    const first = await pair('one');
    keys = [first.jwk];
    const verifier = remote();
    for (let index = 0; index < 5; index += 1) expect(await verifier.verify(await signed(first, 'one'))).toMatchObject({ ok: true });
    expect(fetched).toBe(1);
  });

  it('are fetched anew for a key that is not known yet, but not for each token that names one', async () => {
    const [first, second] = [await pair('one'), await pair('two')];
    keys = [first.jwk];
    let time = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => time);
    const verifier = remote(() => new Date(time));
    expect(await verifier.verify(await signed(first, 'one'))).toMatchObject({ ok: true });
    keys = [first.jwk, second.jwk];
    expect(await verifier.verify(await signed(second, 'two'))).toEqual({ ok: false, refusal: 'TOKEN_SIGNATURE' });
    expect(fetched).toBe(1);
    time += 31_000;
    expect(await verifier.verify(await signed(second, 'two'))).toMatchObject({ ok: true });
    expect(fetched).toBe(2);
    jest.restoreAllMocks();
  });

  it('that cannot be had are no fault of the token', async () => {
    const first = await pair('one');
    status = 500;
    expect(await remote().verify(await signed(first, 'one'))).toEqual({ ok: false, refusal: 'TOKEN_KEYS_UNAVAILABLE' });
    server.close();
    server.closeAllConnections();
    expect(await remote().verify(await signed(first, 'one'))).toEqual({ ok: false, refusal: 'TOKEN_KEYS_UNAVAILABLE' });
  });
});
