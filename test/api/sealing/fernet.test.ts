import { inspect } from 'node:util';
import fc from 'fast-check';
import { decrypt, encrypt, isSignedWith, readToken } from '../../../api/src/sealing/fernet.ts';
import { parseFernetKeys } from '../../../api/src/sealing/keys.ts';
import { AGED, GENERATED, INVALID, SECRET } from './vectors.ts';

const [key] = parseFernetKeys(SECRET);
const [anotherKey] = parseFernetKeys(Buffer.alloc(32, 7).toString('base64url') + '=');

/** What a token says to the holder of a key, if anything. */
function opened(text: string, by = key): Buffer | undefined {
  const token = readToken(text);
  return token && isSignedWith(by, token) ? decrypt(by, token) : undefined;
}

describe('the published vectors of Fernet', () => {
  it('are made byte by byte', () => {
    const salt = { now: new Date(GENERATED.now), iv: Buffer.from(GENERATED.iv) };
    expect(encrypt(key, Buffer.from(GENERATED.src), salt)).toBe(GENERATED.token);
  });

  it('open', () => {
    expect(opened(GENERATED.token)?.toString()).toBe(GENERATED.src);
  });

  it.each(INVALID)('do not open where they are invalid: %s', (_, token) => {
    expect(opened(token)).toBeUndefined();
  });

  it.each(AGED)('open at any age, since what is kept has none: %s', (_, token) => {
    expect(opened(token)?.toString()).toBe('');
  });
});

describe('a token', () => {
  const message = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

  it('gives back what was encrypted, to the holder of its key alone', () => {
    fc.assert(fc.property(message, (text) => {
      const token = encrypt(key, text);
      expect(opened(token)).toEqual(text);
      expect(opened(token, anotherKey)).toBeUndefined();
    }));
  });

  it('opens no more when any character of it is another one', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \n'.split('');
    fc.assert(fc.property(message, fc.nat(), fc.constantFrom(...alphabet), (text, at, character) => {
      const token = encrypt(key, text);
      const place = at % token.length;
      fc.pre(token[place] !== character);
      expect(opened(token)).toEqual(text);
      expect(opened(token.slice(0, place) + character + token.slice(place + 1))).toBeUndefined();
    }));
  });

  it('opens in one spelling only', () => {
    const { token } = GENERATED;
    expect(opened(token)).toBeDefined();
    for (const spelling of [token.replaceAll('=', ''), `${token}=`, ` ${token}`, token.replace('gA', 'g=A'), token.replaceAll('_', '/')]) {
      expect(readToken(spelling)).toBeUndefined();
    }
  });

  it('is another one each time', () => {
    const tokens = Array.from({ length: 100 }, () => encrypt(key, Buffer.from('hello')));
    expect(new Set(tokens).size).toBe(100);
  });
});

describe('a list of keys', () => {
  const other = `${'A'.repeat(43)}=`;

  it('is read with the newest first, with or without spaces', () => {
    expect(parseFernetKeys(`${SECRET},${other}`)).toHaveLength(2);
    const [newest] = parseFernetKeys(` ${SECRET} , ${other}\n`);
    expect(opened(GENERATED.token, newest)?.toString()).toBe('hello');
  });

  it('shows nothing of a key to whoever prints it', () => {
    const shown = `${JSON.stringify(key)}${inspect(key, { depth: 9, showHidden: true })}`;
    expect(shown).not.toContain(SECRET.slice(0, 8));
    expect(shown).not.toContain(Buffer.from(SECRET, 'base64url').toString('hex').slice(0, 8));
  });

  it.each(['', SECRET.slice(0, -1), `${SECRET}=`, `${SECRET},`, `${SECRET},short`, SECRET.replace('_', '/')])('is refused when it is %j, and not repeated', (list) => {
    const parse = () => parseFernetKeys(list);
    expect(parse).toThrow(expect.objectContaining({ code: 'SEAL_KEYS_MALFORMED', message: expect.stringMatching(/as Fernet key [12] of the list, expected 32 bytes/) as string }) as Error);
    expect(parse).not.toThrow(SECRET.slice(0, 8));
  });
});
