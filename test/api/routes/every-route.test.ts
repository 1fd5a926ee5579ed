import { AUDIT_ACTIONS } from '../../../db/audit/actions.ts';
import { permissions } from '../../../api/src/scope/permissions.ts';
import { buildApp } from '../../../api/src/app.ts';
import { withoutDatabase } from '../../support/app-deps.ts';

interface Operation { readonly 'x-permission'?: string; readonly 'x-records'?: readonly string[] }
interface Found { readonly method: string; readonly url: string; readonly permission: string | undefined; readonly records: readonly string[] }

/** Routes that change something which no workspace's audit log tells of, or not by this route, and why. */
const WITHOUT_AN_ENTRY: Readonly<Record<string, string>> = {
  'POST /v1/consent/checkout': 'the record is its own append-only ledger, and is the user’s',
  'POST /v1/pairings': 'a pairing is nobody’s until a member approves it',
  'POST /v1/pairings/claim': 'who claims is no caller; a test of its own shows the entry of the device that it makes',
  'POST /v1/webhooks/billing': 'each event leaves the entries of what it changed; a test of its own shows them',
};

/** What the service says of itself. */
async function everyRoute(): Promise<readonly Found[]> {
  const app = await buildApp({ ...withoutDatabase(), readiness: { check: async () => ({ ready: true }) }, log: { level: 'silent' } });
  const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, Record<string, Operation>> }>();
  await app.close();
  return Object.entries(paths).flatMap(([url, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), url, permission: operation['x-permission'], records: operation['x-records'] ?? [] })),
  );
}

let routes: readonly Found[];
beforeAll(async () => {
  routes = await everyRoute();
});

describe('every route', () => {
  it('is found', () => {
    expect(routes.length).toBeGreaterThan(50);
    expect(routes.filter(({ permission }) => permission !== undefined).length).toBeGreaterThan(30);
  });

  it('HM-AUD-1, HP-AUD-1: that changes something records an action, or says where else that is recorded', () => {
    const silent = routes.filter(({ method, records }) => method !== 'GET' && records.length === 0).map(({ method, url }) => `${method} ${url}`);
    expect(silent.toSorted()).toEqual(Object.keys(WITHOUT_AN_ENTRY).toSorted());
  });

  it('records actions that the audit log knows', () => {
    const unknown = routes.flatMap(({ records }) => records).filter((action) => !(action in AUDIT_ACTIONS));
    expect(unknown).toEqual([]);
  });

  it('HM-AUD-5: leaves the audit log to be read: none changes or deletes what stands there', () => {
    expect(routes.filter(({ method, url }) => method !== 'GET' && /\/audit(\/|\.|$)/.test(url)).map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /v1/audit/prompt-views']);
  });

  it('HM-RBAC-1: of a workspace asks for a permission of the one table, and each permission is asked for', () => {
    const asked = new Set(routes.flatMap(({ permission }) => (permission === undefined ? [] : [permission])));
    expect([...asked].toSorted()).toEqual(Object.keys(permissions).toSorted());
  });

  it('HM-ISO-1: that names a workspace enters its scope, or is the path of support', () => {
    const outside = routes.filter(({ url, permission }) => url.includes('{workspace}') && permission === undefined).map(({ url }) => url);
    expect(outside.filter((url) => !url.startsWith('/v1/support/{workspace}/'))).toEqual([]);
  });
});
