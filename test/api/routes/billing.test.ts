import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { TestApi } from '../../support/api.ts';
import type { Tenant } from '../../support/tenants.ts';

const PATH = '/v1/webhooks/billing';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant({ plan: 'solo' });
});

interface Sending { readonly id?: string; readonly at?: Date; readonly secret?: string; readonly tamper?: (text: string) => string }

/** Sends an event as the provider does. */
async function send(data: object, { id = `evt_${randomUUID()}`, at = new Date(), secret = api.webhookSecret, tamper = (text) => text }: Sending = {}, type = 'subscription.updated', occurredAt = new Date().toISOString()) {
  const body = JSON.stringify({ type, occurred_at: occurredAt, data: { workspace_id: tenant.workspaceId, ...data } });
  const headers = { 'content-type': 'application/json', 'svix-id': id, 'svix-timestamp': String(Math.floor(at.getTime() / 1000)), 'svix-signature': new Webhook(secret).sign(id, at, body) };
  return api.call<{ stored: boolean }>('POST', PATH, { headers, body: tamper(body) });
}

const subscription = async () => (await api.superuser.query('SELECT plan, seats FROM halton.workspaces WHERE workspace_id = $1', [tenant.workspaceId])).rows[0] as unknown;
const entries = async () => (await api.audit(tenant)).map(({ actor_kind, action, details }) => ({ actor_kind, action, details }));

describe('an event of the payment provider', () => {
  it('HM-AUD-1: changes plan and seats, and each leaves an entry', async () => {
    expect(await send({ plan: 'team', seats: 12 })).toMatchObject({ status: 200, body: { stored: true } });
    expect(await subscription()).toEqual({ plan: 'team', seats: 12 });
    expect(await entries()).toEqual([
      { actor_kind: 'provider', action: 'billing.plan_changed', details: { from: 'solo', to: 'team' } },
      { actor_kind: 'provider', action: 'billing.seats_changed', details: { from: 1, to: 12 } },
    ]);
  });

  it('HM-AUD-1: of a payment leaves an entry', async () => {
    await send({ amount_minor: 12_000, currency: 'GBP' }, {}, 'payment.succeeded');
    expect(await entries()).toEqual([{ actor_kind: 'provider', action: 'billing.payment_recorded', details: { kind: 'payment.succeeded', amountMinor: 12_000, currency: 'GBP' } }]);
  });

  it('is done once, however often it is sent', async () => {
    const id = 'evt_again';
    expect((await send({ plan: 'team' }, { id })).body).toEqual({ stored: true });
    expect((await send({ plan: 'team' }, { id })).body).toEqual({ stored: false });
    const both = await Promise.all([send({ seats: 5 }, { id: 'evt_twice' }), send({ seats: 5 }, { id: 'evt_twice' })]);
    expect(both.filter(({ body }) => body.stored)).toHaveLength(1);
    expect(await entries()).toHaveLength(2);
  });

  it('that a later one has overtaken changes nothing', async () => {
    await send({ plan: 'enterprise' }, {}, 'subscription.updated', '2026-02-02T00:00:00Z');
    expect((await send({ plan: 'team' }, {}, 'subscription.updated', '2026-02-01T00:00:00Z')).body).toEqual({ stored: true });
    expect(await subscription()).toEqual({ plan: 'enterprise', seats: 1 });
  });

  it('that a later one has overtaken in the seats alone changes the plan', async () => {
    await send({ seats: 9 }, {}, 'subscription.updated', '2026-02-02T00:00:00Z');
    await send({ plan: 'team', seats: 3 }, {}, 'subscription.updated', '2026-02-01T00:00:00Z');
    expect(await subscription()).toEqual({ plan: 'team', seats: 9 });
  });

  it('is stored and changes nothing while a deletion is awaited', async () => {
    await api.superuser.query("UPDATE halton.workspaces SET deletion_requested_at = now(), deletion_requested_by = 'owner' WHERE workspace_id = $1", [tenant.workspaceId]);
    expect(await send({ plan: 'team' })).toMatchObject({ status: 200, body: { stored: true } });
    expect(await subscription()).toEqual({ plan: 'solo', seats: 1 });
  });

  it('of a workspace that is no more is taken, so that it is not sent again', async () => {
    expect(await send({ workspace_id: randomUUID() })).toMatchObject({ status: 200, body: { stored: false } });
  });

  it('HP-PCI-1: brings no card along: what is not asked for is not kept', async () => {
    await send({ plan: 'team', card: { number: '4242424242424242', cvc: '123' } });
    const stored = await api.superuser.query('SELECT to_jsonb(e) AS event FROM halton.billing_events e WHERE workspace_id = $1', [tenant.workspaceId]);
    expect(JSON.stringify([stored.rows, await api.audit(tenant), api.lines])).not.toContain('4242');
  });

  it('is listed to owners and admins', async () => {
    await send({ plan: 'team' });
    const list = (as: string) => api.call<{ events: unknown[] }>('GET', `/v1/workspaces/${tenant.workspaceId}/billing`, { as });
    expect(await list(await api.issuer.token(tenant.ownerId))).toMatchObject({ status: 200, body: { events: [{ kind: 'subscription.updated', plan: 'team', seats: null }] } });
    expect((await list((await api.member(tenant, 'member')).token)).status).toBe(403);
  });
});

describe('an event that is not the provider’s', () => {
  it.each<[string, Sending]>([
    ['signed with another secret', { secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` }],
    ['changed on its way', { tamper: (text) => text.replace('team', 'enterprise') }],
    ['with a blank more', { tamper: (text) => `${text} ` }],
    ['older than five minutes', { at: new Date(Date.now() - 6 * 60_000) }],
    ['from the future', { at: new Date(Date.now() + 6 * 60_000) }],
  ])('(%s) is refused', async (_, sending) => {
    expect(await send({ plan: 'team' }, sending)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(await subscription()).toEqual({ plan: 'solo', seats: 1 });
  });

  it('without a signature is refused', async () => {
    expect((await api.call('POST', PATH, { body: { type: 'a' } })).status).toBe(401);
  });

  it('but signed and malformed gets 400', async () => {
    expect(await send({ plan: 'gold' })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect(await send({ amount_minor: 5 })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect(await send({ plan: 'team\0' })).toMatchObject({ status: 400 });
    expect((await send({ plan: 'team' }, { id: 'e'.repeat(300) })).status).toBe(401);
    expect(await send({ plan: 'team' }, {}, 'Not A Type')).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    const [id, at] = ['evt_empty', new Date()];
    const headers = { 'content-type': 'application/json', 'svix-id': id, 'svix-timestamp': String(Math.floor(at.getTime() / 1000)), 'svix-signature': new Webhook(api.webhookSecret).sign(id, at, '') };
    expect(await api.call('POST', PATH, { headers, body: '' })).toMatchObject({ status: 400, body: { code: 'REQUEST_MALFORMED' } });
  });
});
