import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { buildApp } from '../../api/src/app.ts';
import { makeCertificate } from '../../api/src/certificate.ts';
import { ProblemError } from '../../api/src/problem.ts';
import { withoutDatabase } from '../support/app-deps.ts';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

let app: FastifyInstance;
let lines: string[];

beforeEach(async () => {
  lines = [];
  app = await buildApp({ ...withoutDatabase(), readiness: { check: async () => ({ ready: true }) }, log: { level: 'info', stream: { write: (line) => void lines.push(line) } } });
  app.get('/boom', () => {
    throw Object.assign(new Error('relation "invoices" of alice@example.com'), { detail: 'Key (email)=(alice@example.com)', cause: new Error('underneath') });
  });
  app.get('/teapot', () => {
    throw Object.assign(new Error('inner words'), { statusCode: 503 });
  });
  app.get('/draining', () => {
    throw new ProblemError('DRAINING');
  });
  app.get('/headers', (request) => {
    request.log.info({ headers: request.headers }, 'headers');
    request.log.info({ req: { headers: request.headers } }, 'nested');
    request.log.info(request.headers, 'bare');
    return {};
  });
  app.post('/strict', { schema: { body: Type.Object({ count: Type.Integer(), name: Type.Optional(Type.String({ default: 'nobody' })) }, { additionalProperties: false }) } }, (request) => request.body);
});
afterEach(() => app.close());

describe('HM-VDP-1: security.txt', () => {
  it('tells where to report a problem, and is good for less than a year', async () => {
    const { statusCode, headers, payload } = await app.inject('/.well-known/security.txt');
    expect({ statusCode, type: headers['content-type'] }).toEqual({ statusCode: 200, type: 'text/plain; charset=utf-8' });
    expect(payload).toMatch(/^Contact: mailto:operator@haltonlabs\.com/);
    const days = (Date.parse(/^Expires: (.+)$/m.exec(payload)?.[1] ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(170);
    expect(days).toBeLessThan(365);
  });
});

describe('every response', () => {
  it.each([
    ['an answer', { url: '/healthz' }, 200],
    ['an unknown route', { url: '/nowhere' }, 404],
    ['an unknown method', { method: 'DELETE' as const, url: '/healthz' }, 404],
    ['a URL that cannot be decoded', { url: '/%E0%A4%A' }, 400],
    ['a malformed body', { method: 'POST' as const, url: '/strict', headers: { 'content-type': 'application/json' }, payload: '{' }, 400],
    ['another media type', { method: 'POST' as const, url: '/strict', headers: { 'content-type': 'text/html' }, payload: 'x' }, 415],
    ['a body beyond the limit', { method: 'POST' as const, url: '/strict', headers: { 'content-type': 'application/json' }, payload: `"${'x'.repeat(1_100_000)}"` }, 413],
    ['a failure', { url: '/boom' }, 500],
  ])('carries the security headers and a request id: %s', async (_, request, status) => {
    const response = await app.inject(request);
    expect(response.statusCode).toBe(status);
    expect(response.headers).toMatchObject({
      'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-request-id': expect.stringMatching(ID) as string,
    });
  });

  it('carries them also when what came was no HTTP', async () => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    socket.setEncoding('utf8').end('no http\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [string];
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('strict-transport-security: max-age=63072000; includeSubDomains; preload\r\n');
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ status: 400, code: 'REQUEST_MALFORMED' });
  });

  it('has an id of its own, whatever the caller sends', async () => {
    const ids = await Promise.all([1, 2].map(async () => (await app.inject({ url: '/healthz', headers: { 'request-id': 'mine', 'x-request-id': 'mine' } })).headers['x-request-id']));
    expect(new Set(ids).size).toBe(2);
    expect(ids).not.toContain('mine');
  });
});

describe('an error', () => {
  it.each([
    ['/nowhere', 404, 'ROUTE_UNKNOWN', 'Not Found'],
    ['/boom', 500, 'INTERNAL', 'Internal Server Error'],
    ['/draining', 503, 'DRAINING', 'Service Unavailable'],
  ])('is answered with problem details: %s', async (url, status, code, title) => {
    const response = await app.inject({ url });
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toEqual({ type: 'about:blank', title, status, code, requestId: response.headers['x-request-id'] });
  });

  it.each(['/boom', '/teapot'])('keeps its text inside: %s', async (url) => {
    const { statusCode, body } = await app.inject({ url });
    expect(statusCode).toBe(500);
    for (const inner of ['invoices', 'alice', 'words', 'Error:', 'app.test']) expect(body).not.toContain(inner);
  });

  it('is logged with its stack and its cause under the request id, without the rows that Postgres quotes', async () => {
    const { headers } = await app.inject({ url: '/boom' });
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>).find(({ msg }) => msg === 'request failed');
    expect(logged).toMatchObject({ level: 'error', code: 'INTERNAL', reqId: headers['x-request-id'], err: { stack: expect.stringContaining('app.test') as string, cause: { message: 'underneath' } } });
    expect(JSON.stringify(logged)).not.toContain('Key (email)');
  });
});

describe('validation', () => {
  const post = (payload: object) => app.inject({ method: 'POST', url: '/strict', payload });

  it('takes what the schema says as it is', async () => {
    expect((await post({ count: 1 })).json()).toEqual({ count: 1 });
  });

  it.each([
    ['turns no text into a number', { count: '1' }, { part: 'body', pointer: '/count', expected: 'be integer' }],
    ['drops no property that it does not know', { count: 1, extra: true }, { part: 'body', pointer: '', expected: 'NOT have additional properties' }],
    ['fills nothing in', {}, { part: 'body', pointer: '', expected: "have required property 'count'" }],
  ])('%s', async (_, payload, violation) => {
    const response = await post(payload);
    expect(response.json()).toMatchObject({ status: 400, code: 'REQUEST_INVALID', violations: [violation] });
  });
});

describe('the log', () => {
  it('shows no credential, however headers get into it', async () => {
    const secrets = { authorization: 'Bearer s3cr3t-token', cookie: 'session=s3cr3t-cookie', 'x-api-key': 's3cr3t-key', 'proxy-authorization': 's3cr3t-proxy' };
    await app.inject({ url: '/headers', headers: secrets });
    expect(lines.join('')).toContain('[Redacted]');
    expect(lines.join('')).not.toContain('s3cr3t');
  });

  it('shows paths without their query, and names the level', async () => {
    await app.inject({ url: '/nowhere?token=s3cr3t' });
    expect(lines.join('')).not.toContain('s3cr3t');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', req: { method: 'GET', path: '/nowhere' } });
  });

  it.each([
    ['https', async () => ({ tls: await makeCertificate() })],
    ['http', async () => ({})],
  ])('says where it listens, and over what: %s', async (scheme, more) => {
    const service = await buildApp({ ...withoutDatabase(), readiness: { check: async () => ({ ready: true }) }, log: { level: 'info', stream: { write: (line) => void lines.push(line) } }, ...(await more()) });
    const address = await service.listen({ host: '127.0.0.1', port: 0 });
    const { port } = service.server.address() as AddressInfo;
    await service.close();
    expect(address).toBe(`${scheme}://127.0.0.1:${port}`);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', msg: `Server listening at ${address}` });
  });

  it('is not filled by health checks', async () => {
    await app.inject({ url: '/healthz' });
    expect(lines).toEqual([]);
  });
});
