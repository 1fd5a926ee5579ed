import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { merge } from '../../../api/src/sealing/document.ts';
import type { SealedDocument } from '../../../api/src/sealing/document.ts';
import type { SealErrorCode } from '../../../api/src/sealing/errors.ts';
import { encrypt } from '../../../api/src/sealing/fernet.ts';
import { parseFernetKeys } from '../../../api/src/sealing/keys.ts';
import { open, rotate, seal } from '../../../api/src/sealing/seal.ts';
import { SECRET } from './vectors.ts';

const place = { workspaceId: '0b7c1b0e-5f0e-4c43-9d3a-5d6a2f2f6a01', requestId: 'req_1' };
const newSecret = () => `${randomBytes(32).toString('base64url')}=`;
const coded = (code: SealErrorCode) => expect.objectContaining({ name: 'SealError', code }) as Error;

const [older, newer] = [newSecret(), newSecret()];
const [before, during, after] = [parseFernetKeys(older), parseFernetKeys(`${newer},${older}`), parseFernetKeys(newer)];

const json = () => fc.jsonValue().filter((value) => JSON.stringify(value) !== undefined);
const documents = () => fc.record({ metadata: fc.dictionary(fc.string(), json()), request: json(), response: json() }, { requiredKeys: [] })
  .map((value) => JSON.parse(JSON.stringify(value)) as SealedDocument);

describe('what is sealed', () => {
  it('opens as it was', () => {
    fc.assert(fc.property(documents(), (document) => {
      expect(open(before, place, seal(before, place, document))).toEqual(document);
    }));
  });

  it("opens where Python's cryptography has sealed it", () => {
    const byPython = 'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0OD1NPE69bnsGlONIxPL6VugqLrBVc4HpXfsA8nA4G-KYJuwuOj5LNMV3VsmPQv2fZlPPv51Bfx1dpJrwNGD9_35tFH5URD-fhH9fT3EsikZhrYyqwVYYy3ZlLU2QJdjBXI9uCESgZFD0ddV25DeI3sqeJG0tC7ybckvYWvpdUn85xrJh--MNY5H1MenhV0fRjazPEfNC9AQ_sk-1GMKbI8OetKDYoLb99UBVnlsDMo1sBqBtSLKyJQisDpFGZ68zgTw==';
    expect(open(parseFernetKeys(SECRET), place, byPython)).toEqual({ metadata: { team: 'Zürich' }, request: { prompt: '¿Qué?' } });
  });

  it('keeps what a later release has put into it', () => {
    const token = seal(before, place, { request: 'asked', attachments: ['one'] } as SealedDocument);
    expect(merge(open(before, place, token), { response: 'answered' })).toEqual({ request: 'asked', attachments: ['one'], response: 'answered' });
  });

  it('says so to the wrong key, and to whoever changed it', () => {
    const token = seal(before, place, { request: 'asked' });
    expect(() => open(after, place, token)).toThrow(coded('SEAL_UNREADABLE'));
    const changed = `${token.slice(0, 60)}${token[60] === 'A' ? 'B' : 'A'}${token.slice(61)}`;
    expect(() => open(before, place, changed)).toThrow(coded('SEAL_UNREADABLE'));
    expect(() => open(after, place, token)).not.toThrow('asked');
  });

  it.each([
    ['another request', { ...place, requestId: 'req_2' }],
    ['another workspace', { ...place, workspaceId: '0b7c1b0e-5f0e-4c43-9d3a-5d6a2f2f6a02' }],
  ])('does not open for %s, nor tells whose it is', (_, elsewhere) => {
    const token = seal(before, elsewhere, { request: 'asked' });
    const opening = () => open(before, { workspaceId: 'w', requestId: 'r' }, token);
    expect(opening).toThrow(coded('SEAL_MISPLACED'));
    expect(opening).not.toThrow(elsewhere.workspaceId);
    expect(() => open(before, place, token)).toThrow(coded('SEAL_MISPLACED'));
  });

  it.each(['', 'gAAAAA', 'asked', '{"request":"asked"}'])('is a Fernet token and not %j', (text) => {
    expect(() => open(before, place, text)).toThrow(coded('SEAL_MALFORMED'));
  });

  it.each(['asked', 'null', '[]', '{"request":"asked"}', '{"workspace_id":1,"request_id":"req_1"}', '{"workspace_id":"w","request_id":"r","metadata":"m"}'])('is a document and not %s, whoever signed it', (message) => {
    expect(() => open(before, place, encrypt(before[0], Buffer.from(message)))).toThrow(coded('SEAL_MALFORMED'));
  });
});

describe('HM-SSM-4: a new key in front of the list', () => {
  const token = seal(before, place, { request: 'asked' });

  it('seals from then on, and old bodies stay readable', () => {
    expect(open(during, place, token)).toEqual({ request: 'asked' });
    const sealed = seal(during, place, { request: 'asked' });
    expect(open(after, place, sealed)).toEqual({ request: 'asked' });
    expect(() => open(before, place, sealed)).toThrow(coded('SEAL_UNREADABLE'));
  });

  it('takes over what the older ones sealed, after which these can go', () => {
    expect(() => open(after, place, token)).toThrow(coded('SEAL_UNREADABLE'));
    const anew = rotate(during, place, token) ?? '';
    expect(open(after, place, anew)).toEqual({ request: 'asked' });
    expect(rotate(during, place, anew)).toBeUndefined();
  });

  it('takes over nothing that does not open where it stands', () => {
    expect(() => rotate(after, place, token)).toThrow(coded('SEAL_UNREADABLE'));
    expect(() => rotate(during, { ...place, requestId: 'req_2' }, token)).toThrow(coded('SEAL_MISPLACED'));
    expect(() => rotate(during, place, 'asked')).toThrow(coded('SEAL_MALFORMED'));
  });
});

describe('what arrives in parts', () => {
  const [request, response] = [{ request: { prompt: 'Why?' } }, { response: null }];

  it('comes to the same in either order, and a second time', () => {
    const whole = { ...request, ...response };
    expect(merge(merge({}, request), response)).toEqual(whole);
    expect(merge(merge({}, response), request)).toEqual(whole);
    fc.assert(fc.property(documents(), documents(), (standing, arriving) => {
      const once = merge(standing, arriving);
      expect(merge(once, arriving)).toEqual(once);
    }));
  });

  it('joins metadata by name, and leaves alone what does not arrive', () => {
    expect(merge({ metadata: { a: 1, b: 1 }, request: 'asked' }, { metadata: { b: 2 }, request: undefined })).toEqual({ metadata: { a: 1, b: 2 }, request: 'asked' });
  });
});
