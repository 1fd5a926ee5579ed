import { randomUUID } from 'node:crypto';
import { TestApi } from '../../support/api.ts';
import type { Tenant } from '../../support/tenants.ts';
import { arrivingRow, awaitDeletion, newDevice, newKey } from '../../support/usage.ts';
import type { TestDevice, TestKey } from '../../support/usage.ts';

let api: TestApi;
let tenant: Tenant;
let device: TestDevice;
let key: TestKey;
let path: string;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  device = await newDevice(api, tenant);
  key = await newKey(api, tenant);
  path = `/v1/${tenant.workspaceId}/requests`;
});

const send = (requests: readonly unknown[], call = device.call) => api.call('POST', path, { ...call, body: { requests } });
async function stored(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { rows } = await api.superuser.query<Readonly<Record<string, unknown>>>('SELECT * FROM halton.requests WHERE workspace_id = $1 ORDER BY request_id', [tenant.workspaceId]);
  return rows;
}
async function newProject(of = tenant): Promise<string> {
  const projectId = randomUUID();
  await api.superuser.query('INSERT INTO halton.projects (workspace_id, project_id, name) VALUES ($1, $2, $3)', [of.workspaceId, projectId, projectId]);
  return projectId;
}
const HOUR = 3_600_000;
const fromNow = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
const refusal = (pointer: string) => ({ status: 400, body: { code: 'REQUEST_INVALID', violations: [{ part: 'body', pointer }] } });

describe('a batch of requests', () => {
  it("is stored whole, as the device's pairing member's", async () => {
    const projectId = await newProject();
    const occurredAt = fromNow(-24);
    const row = arrivingRow('req_1', { occurredAt, cachedTokens: 5, latencyMs: 700, projectId, redactionApplied: true });
    expect(await send([row, arrivingRow('req_2')])).toMatchObject({ status: 200, body: { stored: 2, repeated: 0 } });
    expect(await stored()).toEqual([
      expect.objectContaining({
        request_id: 'req_1', occurred_at: new Date(occurredAt), provider: 'anthropic', model: 'a-model', input_tokens: '10', output_tokens: '20', cached_tokens: '5',
        cost_usd: '0.0001234567', latency_ms: 700, project_id: projectId, user_id: tenant.ownerId, device_id: device.deviceId, redaction_applied: true,
      }),
      expect.objectContaining({ request_id: 'req_2', cached_tokens: '0', latency_ms: null, project_id: null, redaction_applied: false }),
    ]);
  });

  it('keeps the largest numbers exactly', async () => {
    await send([arrivingRow('req_1', { inputTokens: Number.MAX_SAFE_INTEGER, outputTokens: 0, costUsd: '9999999999.9999999999' })]);
    expect(await stored()).toEqual([expect.objectContaining({ input_tokens: '9007199254740991', output_tokens: '0', cost_usd: '9999999999.9999999999' })]);
  });

  it('HP-AUD-1: leaves one entry, of how many rows and of none of what is in them', async () => {
    await send([arrivingRow('req_1', { model: 'secret-model' }), arrivingRow('req_2')]);
    expect(await api.audit(tenant)).toEqual([{ actor_kind: 'device', actor: device.deviceId, action: 'usage.recorded', target: 'req_1', details: { stored: 2, repeated: 0 } }]);
  });

  it('may be sent again, which changes nothing of what stands', async () => {
    const batch = [arrivingRow('req_1'), arrivingRow('req_2')];
    await send(batch);
    const before = await stored();
    expect(await send(batch)).toMatchObject({ status: 200, body: { stored: 0, repeated: 2 } });
    expect(await send([arrivingRow('req_1', { costUsd: '999', model: 'another', inputTokens: 1 }), arrivingRow('req_3')])).toMatchObject({ body: { stored: 1, repeated: 1 } });
    expect((await stored()).slice(0, 2)).toEqual(before);
    expect((await api.audit(tenant)).map(({ details }) => details)).toEqual([{ stored: 2, repeated: 0 }, { stored: 0, repeated: 2 }, { stored: 1, repeated: 1 }]);
  });

  it('HM-BODY-2: that repeats an id is merged first, redacted where any of its rows was, in any order', async () => {
    for (const [id, flags] of [['req_1', [true, false]], ['req_2', [false, true]], ['req_3', [false, false]]] as const) {
      expect(await send(flags.map((redactionApplied) => arrivingRow(id, { redactionApplied })))).toMatchObject({ status: 200, body: { stored: 1, repeated: 1 } });
    }
    expect((await stored()).map((row) => row['redaction_applied'])).toEqual([true, true, false]);
  });

  it('HM-BODY-2: never takes back that something was redacted, and tells it later', async () => {
    for (const redactionApplied of [false, true, false]) await send([arrivingRow('req_1', { redactionApplied })]);
    expect((await stored()).map((row) => row['redaction_applied'])).toEqual([true]);
  });

  it('that overlaps with others at the same time is stored once, and nobody waits forever', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => `req_${index}`);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, turn) => send((turn % 2 === 0 ? ids : ids.toReversed()).map((id) => arrivingRow(id, { redactionApplied: true })))));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(await stored()).toHaveLength(50);
  });

  it('of a thousand of the longest rows is taken, and of one more it is not', async () => {
    const projectId = await newProject();
    const longest = (index: number) => arrivingRow(String(index).padEnd(128, 'x'), {
      occurredAt: new Date().toISOString().replace('Z', '456789+00:00'), provider: '\u{1F600}'.repeat(64), model: '\u{1F600}'.repeat(200), inputTokens: Number.MAX_SAFE_INTEGER, outputTokens: Number.MAX_SAFE_INTEGER,
      cachedTokens: Number.MAX_SAFE_INTEGER, costUsd: '9999999999.9999999999', latencyMs: 2_147_483_647, projectId, userId: 'u'.repeat(255), redactionApplied: false,
    });
    expect(await send(Array.from({ length: 1_000 }, (_, index) => longest(index)), key.call)).toMatchObject({ status: 200, body: { stored: 1_000, repeated: 0 } });
    expect(await send(Array.from({ length: 1_001 }, (_, index) => arrivingRow(`more_${index}`)))).toMatchObject(refusal('/requests'));
  });
});

describe('a request of an API key', () => {
  it("names its user, which a device's may not", async () => {
    expect(await send([arrivingRow('req_1', { userId: 'user_a' })], key.call)).toMatchObject({ status: 200 });
    expect(await stored()).toEqual([expect.objectContaining({ user_id: 'user_a', device_id: null })]);
    expect(await send([arrivingRow('req_2')], key.call)).toMatchObject(refusal('/requests/0/userId'));
    expect(await send([arrivingRow('req_2'), arrivingRow('req_3', { userId: tenant.ownerId })])).toMatchObject(refusal('/requests/1/userId'));
    expect((await api.audit(tenant)).map(({ actor_kind, action }) => `${actor_kind} ${action}`)).toEqual(['api_key usage.recorded', 'api_key api_key.used']);
  });
});

describe('a request is refused, and its whole batch with it', () => {
  it('where its project is nobody\'s or another workspace\'s', async () => {
    const other = await newProject(await api.tenant());
    const own = await newProject();
    for (const projectId of [randomUUID(), other]) {
      expect(await send([arrivingRow('req_1', { projectId: own }), arrivingRow('req_2', { projectId })])).toMatchObject(refusal('/requests/1/projectId'));
    }
    expect(await stored()).toEqual([]);
    expect(await api.audit(tenant)).toEqual([]);
  });

  it('where it happened before what the workspace keeps, or more than a day from now', async () => {
    await api.superuser.query('UPDATE halton.workspaces SET retention_days = 30 WHERE workspace_id = $1', [tenant.workspaceId]);
    expect(await send([arrivingRow('req_1', { occurredAt: fromNow(-30 * 24 + 1) }), arrivingRow('req_2', { occurredAt: fromNow(23) })])).toMatchObject({ status: 200 });
    for (const occurredAt of [fromNow(-30 * 24 - 1), fromNow(25), '0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2016-12-31T23:59:60Z']) {
      expect(await send([arrivingRow('req_3', { occurredAt })])).toMatchObject(refusal('/requests/0/occurredAt'));
    }
  });

  it('where it is not as its schema says', async () => {
    const wrong: readonly (readonly [string, unknown])[] = [
      ['/requests', undefined], ['/requests/0', {}], ['/requests/0/requestId', { requestId: 'a b' }], ['/requests/0/requestId', { requestId: 'x'.repeat(129) }],
      ['/requests/0/occurredAt', { occurredAt: '2026-01-01' }], ['/requests/0/inputTokens', { inputTokens: -1 }], ['/requests/0/inputTokens', { inputTokens: 1.5 }],
      ['/requests/0/inputTokens', { inputTokens: 2 ** 53 }], ['/requests/0/inputTokens', { inputTokens: '7' }], ['/requests/0/costUsd', { costUsd: 1 }],
      ['/requests/0/costUsd', { costUsd: '-1' }], ['/requests/0/costUsd', { costUsd: '1e3' }], ['/requests/0/costUsd', { costUsd: '0.00000000001' }], ['/requests/0/latencyMs', { latencyMs: 2 ** 31 }],
      ['/requests/0/provider', { provider: '' }], ['/requests/0/projectId', { projectId: 'Search' }], ['/requests/0', { more: 1 }],
    ];
    for (const [pointer, more] of wrong) {
      const requests = more === undefined ? [] : [Object.keys(more as object).length === 0 ? {} : { ...arrivingRow('req_1'), ...(more as object) }];
      expect(await send(requests)).toMatchObject(refusal(pointer));
    }
    expect(await send([arrivingRow('req_1', { model: 'a\0b' })])).toMatchObject(refusal(''));
  });

  it('HM-ISO-1: where the token or key is another workspace\'s', async () => {
    const other = await api.tenant();
    for (const { call } of [await newDevice(api, other), await newKey(api, other)]) expect(await send([arrivingRow('req_1')], call)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  });

  it('HM-RBAC-2: where a member sends it, whatever his role', async () => {
    expect(await send([arrivingRow('req_1')], { as: await api.issuer.token(tenant.ownerId) })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('HM-DEL-2: while the workspace awaits its deletion', async () => {
    await awaitDeletion(api, tenant);
    expect(await send([arrivingRow('req_1')])).toMatchObject({ status: 409, body: { code: 'WORKSPACE_READ_ONLY' } });
    expect(await stored()).toEqual([]);
  });
});
