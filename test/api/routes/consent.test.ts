import { createHash } from 'node:crypto';
import { TestApi } from '../../support/api.ts';

interface Consent { readonly recordId: string; readonly timestamp: string }

const PATH = '/v1/consent/checkout';
const wordingHash = createHash('sha256').update('I agree to the terms.\nI ask for immediate performance.').digest('hex');
const ticked = { plan: 'team', period: 'annual', wordingHash, termsAccepted: true, immediatePerformance: true };

let api: TestApi;
let user: string;
let userId: string;
let users = 0;

beforeAll(async () => {
  api = await TestApi.start({ proxyRange: '127.0.0.0/8' });
});
afterAll(() => api.stop());
beforeEach(async () => {
  userId = `user_${(users += 1)}`;
  user = await api.issuer.token(userId);
});

const rows = async () => (await api.superuser.query('SELECT user_id, plan, period, wording_hash, host(ip) AS ip, user_agent, "timestamp" FROM halton.checkout_consent_records WHERE user_id = $1', [userId])).rows as Record<string, unknown>[];

describe('HC-CHK-1: consent at the checkout', () => {
  it('HC-CHK-2: is stored in one record, with address, browser and time', async () => {
    const answer = await api.call<Consent>('POST', PATH, { as: user, body: ticked, headers: { 'user-agent': 'Browser/1.0', 'x-forwarded-for': '198.51.100.9, 203.0.113.7' } });
    expect(answer).toMatchObject({ status: 201, body: { plan: 'team', period: 'annual', wordingHash, ip: '203.0.113.7', userAgent: 'Browser/1.0' } });
    expect(await rows()).toEqual([{ user_id: userId, plan: 'team', period: 'annual', wording_hash: wordingHash, ip: '203.0.113.7', user_agent: 'Browser/1.0', timestamp: new Date(answer.body.timestamp) }]);
  });

  it('HC-CHK-2: keeps 512 characters of what the browser calls itself', async () => {
    await api.call('POST', PATH, { as: user, body: ticked, headers: { 'user-agent': 'B'.repeat(600) } });
    expect(await rows()).toEqual([expect.objectContaining({ user_agent: 'B'.repeat(512) })]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['the first box is not ticked', { termsAccepted: false }],
    ['the second box is not ticked', { immediatePerformance: false }],
    ['a box is missing', { termsAccepted: undefined }],
    ['a box is ticked by text', { termsAccepted: 'true' }],
    ['the plan does not exist', { plan: 'gold' }],
    ['the period does not exist', { period: 'weekly' }],
    ['the hash is none', { wordingHash: 'abc' }],
    ['somebody else is named', { userId: 'user_other' }],
    ['another address is named', { ip: '192.0.2.1' }],
  ])('is refused where %s', async (_, wrong) => {
    expect(await api.call('POST', PATH, { as: user, body: { ...ticked, ...wrong } })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect(await rows()).toEqual([]);
  });

  it('HC-CHK-3: stays tied to the wording that was shown, when that changes', async () => {
    const changed = createHash('sha256').update('I agree to the new terms.').digest('hex');
    await api.call('POST', PATH, { as: user, body: ticked });
    await api.call('POST', PATH, { as: user, body: { ...ticked, wordingHash: changed } });
    const listed = await api.call<{ records: { wordingHash: string }[] }>('GET', PATH, { as: user });
    expect(listed.body.records.map((record) => record.wordingHash)).toEqual([changed, wordingHash]);
  });

  it('is shown to the user alone', async () => {
    await api.call('POST', PATH, { as: user, body: ticked });
    const other = await api.call<{ records: unknown[] }>('GET', PATH, { as: await api.issuer.token('user_other') });
    expect(other.body.records).toEqual([]);
  });

  it('is given by a user, and by no device and no key', async () => {
    expect((await api.call('POST', PATH, { body: ticked })).status).toBe(401);
    expect((await api.call('POST', PATH, { as: `hm_key_abcdefgh_${'s'.repeat(43)}`, body: ticked })).status).toBe(401);
  });

  it('HC-SEP-1: is of no workspace, and leaves nothing in one’s audit log or among its prompt views', async () => {
    const tenant = await api.tenant();
    await api.call('POST', PATH, { as: await api.issuer.token(tenant.ownerId), body: ticked });
    expect(await api.audit(tenant)).toEqual([]);
    expect((await api.superuser.query('SELECT FROM halton.prompt_views')).rowCount).toBe(0);
  });
});
