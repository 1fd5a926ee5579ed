import type { ExportedEntry } from '../../../db/audit/hash.ts';
import { verifyChain } from '../../../db/audit/verify-chain.ts';
import { TestApi } from '../../support/api.ts';
import { parseCsv } from '../../support/csv.ts';
import { appendAudit, bindingOf } from '../../support/tenants.ts';
import type { Tenant } from '../../support/tenants.ts';
import { inTransaction } from '../../../db/transaction.ts';

interface Page { readonly entries: readonly { readonly sequence: string; readonly action: string; readonly hash: string; readonly details: string }[]; readonly next: string | null }
interface Verdict { readonly entries: string; readonly head: { readonly sequence: string; readonly hash: string } | null; readonly fault: { readonly sequence: string; readonly kind: string } | null }

let api: TestApi;
let tenant: Tenant;
let owner: string;
let path: string;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  owner = await api.issuer.token(tenant.ownerId);
  path = `/v1/workspaces/${tenant.workspaceId}/audit`;
});

/** Appends so many entries besides the first, which made the workspace. */
const fill = (count: number, action = 'project.renamed') =>
  inTransaction(api.pool, bindingOf(tenant), async (client) => {
    for (let index = 0; index < count; index += 1) await appendAudit(client, index % 2 === 0 ? 'even' : 'odd', action, `target-${index}`, { index });
  });
const read = async (query = '') => (await api.call<Page>('GET', `${path}${query}`, { as: owner })).body;

describe('reading the audit log', () => {
  it('HM-AUD-2: is for owners and admins, and a member gets 403', async () => {
    const statuses = await Promise.all((['owner', 'admin', 'member'] as const).map(async (role) => (await api.call('GET', path, { as: (await api.member(tenant, role)).token })).status));
    expect(statuses).toEqual([200, 200, 403]);
  });

  it('begins with the newest entry and goes on page by page, each entry once', async () => {
    await fill(9);
    const seen: string[] = [];
    let query = '?limit=4';
    for (let pages = 1; ; pages += 1) {
      const page = await read(query);
      seen.push(...page.entries.map(({ sequence }) => sequence));
      if (page.next === null) {
        expect(pages).toBe(3);
        break;
      }
      query = `?limit=4&before=${page.next}`;
    }
    expect(seen).toEqual(['10', '9', '8', '7', '6', '5', '4', '3', '2', '1']);
  });

  it('finds by actor, action, target and time', async () => {
    await fill(4);
    expect((await read('?actor=odd')).entries).toHaveLength(2);
    expect((await read('?action=workspace.created')).entries).toHaveLength(1);
    expect((await read('?target=target-3')).entries.map(({ details }) => JSON.parse(details) as unknown)).toEqual([{ index: 3 }]);
    expect((await read('?from=2999-01-01T00:00:00Z')).entries).toEqual([]);
    expect((await read('?to=2999-01-01T00:00:00%2B02:00')).entries).toHaveLength(5);
  });

  it.each(['?limit=0', '?limit=101', '?limit=ten', '?before=0', '?before=-1', '?from=yesterday', '?more=1', '?actor=a&actor=b', '?action=%00'])('refuses %s', async (query) => {
    expect(await api.call('GET', `${path}${query}`, { as: owner })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
  });

  it('HM-AUD-5: is all that there is: nothing changes or deletes an entry', async () => {
    await fill(1);
    const { sequence = '' } = (await read()).entries[0] ?? {};
    for (const method of ['DELETE', 'PUT', 'PATCH', 'POST']) {
      expect((await api.call(method, path, { as: owner, body: {} })).status).toBe(404);
      expect((await api.call(method, `${path}/${sequence}`, { as: owner, body: {} })).status).toBe(404);
    }
  });
});

describe('HM-AUD-3: the audit log as CSV', () => {
  const download = async () => {
    const answer = await api.call<string>('GET', `${path}.csv`, { as: owner });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="audit-${tenant.workspaceId}.csv"`);
    return parseCsv(answer.body);
  };

  it('holds every entry, the one about this export among them, and verifies without us', async () => {
    await fill(1200);
    await inTransaction(api.pool, bindingOf(tenant), (client) => appendAudit(client, '=1+1', 'project.renamed', "'-x.req", {}));
    const [columns = [], ...rows] = await download();
    expect(rows).toHaveLength(1203);
    const entries = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, (row[index] ?? '').replace(/^'/, '')])));
    expect(entries.at(-1)).toMatchObject({ action: 'export.audit' });
    const { sequence = '', hash = '' } = entries.at(-1) ?? {};
    expect(await verifyChain(tenant.workspaceId, entries as unknown as ExportedEntry[], { sequence: Number(sequence), hash })).toEqual({ entries: 1203 });
  });

  it('runs nothing in a spreadsheet', async () => {
    await inTransaction(api.pool, bindingOf(tenant), (client) => appendAudit(client, '=HYPERLINK("http://example.com")', 'project.renamed', '+1+1', {}));
    const rows = await download();
    expect(rows[2]?.slice(3, 6)).toEqual(["'=HYPERLINK(\"http://example.com\")", 'project.renamed', "'+1+1"]);
  });

  it('HM-EXP-3: is exported while a deletion is awaited', async () => {
    await api.superuser.query("UPDATE halton.workspaces SET deletion_requested_at = now(), deletion_requested_by = 'owner' WHERE workspace_id = $1", [tenant.workspaceId]);
    expect((await download()).at(-1)?.[4]).toBe('export.audit');
  });

  it('is refused to a member, and leaves no entry then', async () => {
    const { token } = await api.member(tenant, 'member');
    expect((await api.call('GET', `${path}.csv`, { as: token })).status).toBe(403);
    expect(await api.audit(tenant)).toEqual([]);
  });
});

describe('HP-AUD-3: verifying the audit log', () => {
  const verify = async (query = '') => api.call<Verdict>('GET', `${path}/verify${query}`, { as: owner });

  it('tells how long the chain is and where it ends', async () => {
    await fill(3);
    const { body } = await verify();
    expect(body).toEqual({ entries: '4', head: { sequence: '4', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string }, fault: null });
  });

  it('names the first entry that was tampered with', async () => {
    await fill(3);
    await api.superuser.query('ALTER TABLE halton.audit_log DISABLE TRIGGER append_only');
    await api.superuser.query("UPDATE halton.audit_log SET actor = 'nobody' WHERE workspace_id = $1 AND sequence = 3", [tenant.workspaceId]);
    await api.superuser.query('ALTER TABLE halton.audit_log ENABLE ALWAYS TRIGGER append_only');
    expect((await verify()).body).toMatchObject({ entries: '2', fault: { sequence: '3', kind: 'changed' } });
  });

  it('tells that an entry which was known before is gone', async () => {
    await fill(1);
    const { head } = (await verify()).body;
    expect((await verify(`?sequence=${head?.sequence}&hash=${head?.hash}`)).body.fault).toBeNull();
    expect((await verify(`?sequence=${head?.sequence}&hash=${'0'.repeat(64)}`)).body.fault).toEqual({ sequence: '2', kind: 'anchor' });
  });

  it('asks for both parts of an anchor', async () => {
    expect(await verify('?sequence=1')).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
  });
});
