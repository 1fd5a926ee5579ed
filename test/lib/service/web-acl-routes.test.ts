import { Agent, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import Fastify, { type FastifyInstance } from 'fastify';
import { INGEST_METHOD, ingestRoutes, pathPattern } from '../../../lib/service/routes.ts';
import { evaluate, requestTo } from '../../support/waf.ts';
import { webAclOf, webAclTemplate } from '../../support/web-acl.ts';

const workspace = '0b9d4a52-6b1f-4f0e-9c53-2f6a3c1d7e88';
const pattern = pathPattern(ingestRoutes);

describe('the pattern of the ingest routes', () => {
  test('matches each route for a workspace in either case of its digits', () => {
    for (const route of ingestRoutes) {
      expect(route.replace(':workspace', workspace)).toMatch(new RegExp(pattern));
      expect(route.replace(':workspace', workspace.toUpperCase())).toMatch(new RegExp(pattern));
    }
  });

  test('is anchored in each alternative', () => {
    for (const alternative of pattern.split('|')) expect(alternative).toMatch(/^\^\/v1\/[^^$|]+\$$/);
  });

  test('is of what WAF supports: at most 512 characters, no groups', () => {
    expect(pattern.length).toBeLessThanOrEqual(512);
    expect(pattern).not.toMatch(/[()\\]/);
  });

  test.each(['/v1/:project/requests', '/v1/*', '/v1/a.b', '/v1/:constructor/requests', '/V1/requests'])('is refused for the route %s', (route) => {
    expect(() => pathPattern([route])).toThrow(/^lib\/service\/routes\.ts: got the segment .*expected .*:workspace/);
  });
});

/** What the router does with a path and what the firewall takes it for have to agree where the firewall lets a body off. */
describe('a path that the firewall lets off', () => {
  const acl = webAclOf(webAclTemplate());
  const letOff = (path: string) => evaluate(acl, requestTo(INGEST_METHOD, path, 'x'.repeat(8193))).action === 'Allow';
  const agent = new Agent({ keepAlive: true });
  let app: FastifyInstance;
  let port: number;

  beforeAll(async () => {
    app = Fastify();
    for (const route of ingestRoutes) app.post(route, () => 'ingest');
    for (const route of ['/v1/consent/checkout', '/v1/workspaces/:id', '/v1/:workspace/members', '/v1/:workspace/requests/:id', '/:a/:b', '/*']) {
      app.post(route, () => 'elsewhere');
    }
    await app.listen({ host: '127.0.0.1', port: 0 });
    ({ port } = app.server.address() as AddressInfo);
  });

  afterAll(async () => {
    agent.destroy();
    await app.close();
  });

  /** Sends the path as it is: a URL would be normalized on its way. */
  const routed = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const outgoing = send({ agent, host: '127.0.0.1', port, path, method: INGEST_METHOD }, (response) => {
        response.setEncoding('utf8');
        let body = '';
        response.on('data', (chunk: string) => (body += chunk)).on('end', () => resolve(body));
      });
      outgoing.on('error', reject).end();
    });

  test('goes to an ingest route, and both exist', async () => {
    for (const route of ingestRoutes) {
      const path = route.replace(':workspace', workspace);
      expect([letOff(path), await routed(path)]).toEqual([true, 'ingest']);
    }
    expect([letOff('/v1/consent/checkout'), await routed('/v1/consent/checkout')]).toEqual([false, 'elsewhere']);
  });

  test('goes to no other route, however it is bent', async () => {
    const piece = fc.constantFrom('/', '//', '.', '..', '/../', '/./', '%2e%2e', '%2f', '%2F', '%252f', '%00', '%0a', '%3f', '?', '#', ';', '\\', '%5c', 'v1', 'V1', 'members', 'requests', 'bodies', 'workspaces', 'consent/checkout', workspace, 'x', '%72', '%20', '*', ':workspace');
    const bend = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat({ max: 12 }), piece });
    const bent = fc.tuple(fc.constantFrom(...ingestRoutes), fc.array(bend, { maxLength: 3 })).map(([route, bends]) =>
      bends.reduce((path, { at, cut, piece: put }) => {
        const where = 1 + Math.floor(at * path.length);
        return path.slice(0, where) + put + path.slice(where + cut);
      }, route.replace(':workspace', workspace)),
    );
    let let_off = 0;
    await fc.assert(
      fc.asyncProperty(bent, async (path) => {
        if (!letOff(path)) return;
        let_off += 1;
        expect(await routed(path)).toBe('ingest');
      }),
      { numRuns: 3000, seed: 9 },
    );
    expect(let_off).toBeGreaterThan(100);
  });
});
