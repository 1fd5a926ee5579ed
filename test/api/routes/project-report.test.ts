import { randomUUID } from 'node:crypto';
import { TestApi } from '../../support/api.ts';
import type { ApiCall } from '../../support/api.ts';
import { pdfPages, pdfText } from '../../support/pdf.ts';
import type { Tenant } from '../../support/tenants.ts';
import { awaitDeletion, newDevice, newKey } from '../../support/usage.ts';

interface Line { readonly start: string; readonly group: string; readonly requests: string; readonly inputTokens: string; readonly outputTokens: string; readonly cachedTokens: string; readonly costUsd: string }
interface Rollup { readonly lines: readonly Line[]; readonly total: Line }

let api: TestApi;
let tenant: Tenant;
let owner: string;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  owner = await api.issuer.token(tenant.ownerId);
});

const YEAR = 'from=2026-01-01&to=2026-12-31';
async function project(name = 'Search', { workspaceId } = tenant): Promise<string> {
  const projectId = randomUUID();
  await api.superuser.query('INSERT INTO halton.projects (workspace_id, project_id, name) VALUES ($1, $2, $3)', [workspaceId, projectId, name]);
  return projectId;
}
/** Stores requests of so many models on the first days of months. */
const store = (projectId: string, models = 1, more: { readonly model?: string; readonly cost?: string } = {}) =>
  api.superuser.query(
    `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id, project_id)
     SELECT $1, gen_random_uuid()::text, timestamptz '2026-01-02T12:00:00Z' + n % 12 * interval '31 days', 'anthropic', $4 || n, 9007199254740991, 20, $5::numeric, 'user_a', $2 FROM generate_series(1, $3::integer) AS n`,
    [tenant.workspaceId, projectId, models, more.model ?? 'model-', more.cost ?? '0.1234567891'],
  );
async function read(projectId: string, query = YEAR, { as = owner, headers = {} }: ApiCall = {}) {
  const response = await fetch(`${api.url}/v1/workspaces/${tenant.workspaceId}/projects/${projectId}/report.pdf?${query}`, { headers: { authorization: `Bearer ${as}`, ...headers } });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}
const codeOf = (bytes: Buffer) => (JSON.parse(bytes.toString()) as { code: string }).code;

describe('the report of a project', () => {
  it('HM-EXP-1: downloads as PDF', async () => {
    const projectId = await project();
    await store(projectId);
    const { status, headers, bytes } = await read(projectId);
    expect([status, headers.get('content-type'), headers.get('content-disposition')]).toEqual([200, 'application/pdf', `attachment; filename="project-${projectId}-2026-01-01-2026-12-31.pdf"`]);
    expect([bytes.toString('latin1', 0, 5), bytes.toString('latin1').trimEnd().endsWith('%%EOF')]).toEqual(['%PDF-', true]);
    expect(pdfText(bytes)).toEqual(expect.arrayContaining(['Search', 'Workspace: A workspace', `Project: ${projectId}`, 'From 2026-01-01 to 2026-12-31, both days whole, in the time zone UTC', 'anthropic/model-1', '0.1234567891']));
  });

  it('HP-RPT-2: shows the same numbers as the endpoint, on as many pages as they take', async () => {
    const projectId = await project();
    await store(projectId, 120);
    await store(projectId, 7, { cost: '9999999999.9999999999' });
    const { body } = await api.call<Rollup>('GET', `/v1/${tenant.workspaceId}/spend?${YEAR}&by=month&group=model`, { as: owner });
    const { bytes } = await read(projectId);
    const numbers = ({ requests, inputTokens, outputTokens, cachedTokens, costUsd }: Line) => [requests, inputTokens, outputTokens, cachedTokens, costUsd];
    const text = pdfText(bytes);
    expect(text.slice(text.indexOf('US dollars') + 1)).toEqual([...body.lines.flatMap((line) => [line.start.slice(0, 7), line.group, ...numbers(line)]), 'Total', ...numbers(body.total)]);
    expect(pdfPages(bytes)).toBeGreaterThan(2);
  });

  it('is of that project alone, and of that range', async () => {
    const [mine, other] = [await project('Search'), await project('Find')];
    await store(mine);
    await store(other, 1, { model: 'other-' });
    expect(pdfText((await read(mine)).bytes).join(' ')).not.toContain('other-');
    expect(pdfText((await read(mine, 'from=2026-06-01&to=2026-06-30')).bytes).slice(-6)).toEqual(['Total', '0', '0', '0', '0', '0.00']);
  });

  it('is the same to the byte for the same numbers', async () => {
    const projectId = await project();
    await store(projectId, 30);
    const first = await read(projectId);
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // a PDF's times are of seconds
    expect((await read(projectId)).bytes.equals(first.bytes)).toBe(true);
  });

  it('is printed whatever the project and the models are called', async () => {
    for (const name of ['検索 — Zoë’s “Größe” €5 😀', 'a\tb\nc\u0007d', '(\\)<>[]', 'x'.repeat(200), 'مرحبا']) {
      const projectId = await project(name);
      await store(projectId, 1, { model: name.slice(0, 190) });
      const { status, bytes } = await read(projectId);
      expect([status, pdfText(bytes).some((line) => line.startsWith('From 2026-01-01'))]).toEqual([200, true]);
    }
    const [title] = pdfText((await read(await project('検索 Zoë (\\) a\tb'))).bytes);
    expect(title).toBe('?? Zoë (\\) a?b');
  });

  it('HM-EXP-3: downloads while the workspace awaits its deletion, and of an archived project', async () => {
    const projectId = await project();
    await api.superuser.query('UPDATE halton.projects SET archived_at = now() WHERE project_id = $1', [projectId]);
    await awaitDeletion(api, tenant);
    expect((await read(projectId)).status).toBe(200);
  });

  it('is for members and API keys of the workspace, of which each use is recorded, and for no device', async () => {
    const projectId = await project();
    const key = await newKey(api, tenant);
    for (const call of [{ as: (await api.member(tenant, 'member')).token }, key.call]) expect((await read(projectId, YEAR, call)).status).toBe(200);
    expect(await api.audit(tenant)).toEqual([expect.objectContaining({ action: 'api_key.used', actor: key.keyId })]);
    for (const call of [(await newDevice(api, tenant)).call, { as: await api.issuer.token((await api.tenant()).ownerId) }]) {
      const { status, bytes } = await read(projectId, YEAR, call);
      expect([status, codeOf(bytes)]).toEqual([403, 'FORBIDDEN']);
    }
  });

  it('HM-ISO-1: of another workspace, or of none, is not found', async () => {
    for (const projectId of [randomUUID(), await project('Theirs', await api.tenant())]) {
      const { status, bytes } = await read(projectId);
      expect([status, codeOf(bytes)]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('is refused where the range is none, or has more lines than anybody prints', async () => {
    const projectId = await project();
    for (const query of ['', 'from=2026-01-02&to=2026-01-01', 'from=2024-01-01&to=2026-01-01', `${YEAR}&by=day`]) expect((await read(projectId, query)).status).toBe(400);
    await store(projectId, 2_001);
    const { status, bytes } = await read(projectId);
    expect([status, codeOf(bytes)]).toEqual([400, 'REQUEST_INVALID']);
    await api.superuser.query('DELETE FROM halton.requests WHERE ctid IN (SELECT ctid FROM halton.requests WHERE project_id = $1 LIMIT 1)', [projectId]);
    const large = await read(projectId);
    expect(large.status).toBe(200);
  });
});
