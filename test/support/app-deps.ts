import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { RouteDeps } from '../../api/src/routes/deps.ts';
import { parseFernetKeys } from '../../api/src/sealing/keys.ts';
import type { Identity } from '../../api/src/identity.ts';
import { TestIssuer } from './identity.ts';

/** A port that nothing listens on. */
const NOWHERE = { host: '127.0.0.1', port: 1 };

/** What an app needs besides a database: keys of its own, and the secret with which webhooks are signed. */
export function secretDeps(): Pick<RouteDeps, 'keys' | 'webhookSecret'> {
  return { keys: parseFernetKeys(`${randomBytes(32).toString('base64url')}=`), webhookSecret: `whsec_${randomBytes(32).toString('base64')}` };
}

/** For an app of which a test asks nothing that takes a database. */
export function withoutDatabase(): RouteDeps & { readonly identity: Identity } {
  return { pool: new pg.Pool(NOWHERE), support: new pg.Pool(NOWHERE), identity: new TestIssuer().identity, ...secretDeps() };
}

/** For an app whose database a test brings along: support does not enter it. */
export function withDatabase(pool: pg.Pool): RouteDeps & { readonly identity: Identity } {
  return { ...withoutDatabase(), pool };
}
