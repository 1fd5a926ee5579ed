import type { FastifyInstance } from 'fastify';

/** Days: RFC 9116 asks for less than a year, so that nobody trusts a forgotten file; each answer is good for so long anew. */
const GOOD_FOR = 180;
const DAY = 86_400_000;

/** Tells where to report a security problem (RFC 9116). */
export function registerSecurityTxt(app: FastifyInstance): void {
  app.get('/.well-known/security.txt', { logLevel: 'warn', schema: { hide: true } }, (_request, reply) => {
    const expires = new Date(Date.now() + GOOD_FOR * DAY).toISOString();
    return reply.type('text/plain; charset=utf-8').send(`Contact: mailto:operator@haltonlabs.com?subject=SECURITY%3A\nExpires: ${expires}\nPreferred-Languages: en\n`);
  });
}
