import * as fc from 'fast-check';
import { fuzzApi } from '../../prove/fuzz.ts';
import { aftermathOf } from '../../prove/fuzz/aftermath.ts';
import { operationsOf } from '../../prove/fuzz/document.ts';
import type { Operation } from '../../prove/fuzz/document.ts';
import { faultOf } from '../../prove/fuzz/judge.ts';
import { mutated } from '../../prove/fuzz/mutations.ts';
import { validValue } from '../../prove/fuzz/values.ts';
import { TestApi } from '../support/api.ts';
import { appendEntries } from '../support/audit.ts';

/** In the suite; `npm run prove -- fuzz` sends many more, of another seed each time. */
const REQUESTS = 150;
const SEED = 20_260_101;

const operation: Operation = { name: 'GET /v1/things', method: 'GET', path: '/v1/things', parameters: [], body: undefined, statuses: new Set([200, 403, 500]) };
const request = { operation, caller: 'owner', path: '/v1/things', headers: {}, body: undefined };
const problem = (status: number, code: string, type = 'application/problem+json') => ({ status, type, text: JSON.stringify({ code }) });

describe('the API', () => {
  it('answers requests at random, of everybody, with what its document lists, and keeps every chain', async () => {
    const { statuses, operations, faults, workspaces, rows } = await fuzzApi(REQUESTS, SEED);
    expect(faults).toEqual([]);
    expect(operations).toBeGreaterThan(50);
    expect({ workspaces, rows }).toEqual({ workspaces: expect.any(Number) as number, rows: expect.any(Number) as number });
    expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).toBe(REQUESTS);
    expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '400', '401', '403']));
  });
});

describe('an answer', () => {
  it.each([
    [{ status: 200, type: 'application/json', text: '{}' }, undefined],
    [problem(403, 'FORBIDDEN'), undefined],
    [problem(500, 'INTERNAL'), '500 INTERNAL'],
    [problem(404, 'NOT_FOUND'), '404 NOT_FOUND, which is not documented'],
    [problem(403, 'NOT_FOUND'), '403 with the code NOT_FOUND'],
    [problem(403, 'toString'), '403 with the code toString'],
    [problem(403, 'FORBIDDEN', 'application/json'), '403 as application/json'],
    [{ status: 403, type: 'application/problem+json', text: 'Forbidden' }, '403 with the code without a code'],
    [{ failed: 'socket hang up' }, 'no answer: socket hang up'],
  ])('%j is found to be %s', (answer, fault) => {
    expect(faultOf(request, answer)).toBe(fault);
  });
});

describe('what is left behind', () => {
  it("is found to be at fault where an entry was changed, or a row carries another workspace's id", async () => {
    const api = await TestApi.start();
    const [one, other] = [await api.tenant(), await api.tenant()];
    await appendEntries(api.pool, one, 2);
    expect((await aftermathOf(api)).trouble).toEqual([]);
    await api.superuser.query('ALTER TABLE halton.audit_log DISABLE TRIGGER USER');
    await api.superuser.query('UPDATE halton.audit_log SET target = $1 WHERE workspace_id = $2 AND sequence = 2', [other.workspaceId, one.workspaceId]);
    expect((await aftermathOf(api)).trouble).toEqual([
      `the chain of ${one.workspaceId}: 1 verified, changed at 2`,
      `the chain of ${one.workspaceId}: 1 verified, changed at 2`,
      `a row of ${one.workspaceId} in audit_log carries ${other.workspaceId}, which is ${other.workspaceId}'s`,
    ]);
    await api.stop();
  });
});

describe('a request', () => {
  const schema = { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1, maxLength: 5 }, count: { type: 'integer', minimum: 1, maximum: 3 }, kind: { enum: ['a', 'b'] } }, additionalProperties: false } as const;
  const holds = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const { name, count = 1, kind = 'a', ...others } = value as Readonly<Record<string, unknown>>;
    return typeof name === 'string' && /^.{1,5}$/su.test(name) && [1, 2, 3].includes(count as number) && ['a', 'b'].includes(kind as string) && Object.keys(others).length === 0;
  };

  it('is made as its schema says, and mutated mostly otherwise', () => {
    expect(fc.sample(validValue(schema, {}), { numRuns: 200, seed: SEED }).filter((value) => !holds(value))).toEqual([]);
    expect(fc.sample(mutated(validValue(schema, {})), { numRuns: 200, seed: SEED }).filter((value) => !holds(value)).length).toBeGreaterThan(120);
  });

  it('is made of what the document tells of its operation', () => {
    const document = { paths: { '/v1/things': { get: { responses: { 200: {}, 403: {}, 500: {} } } } } };
    expect(operationsOf(document)).toEqual([operation]);
  });
});
