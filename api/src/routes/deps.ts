import type { Pool } from 'pg';
import type { FernetKeys } from '../sealing/keys.ts';

/** What handlers need besides their scope. */
export interface RouteDeps {
  /** Logs in as the API. */
  readonly pool: Pool;
  /** Logs in as halton_support, which reads what an owner has granted and nothing else. */
  readonly support: Pool;
  /** Seal bodies and other people's secrets. */
  readonly keys: FernetKeys;
  /** Verifies webhooks of the identity provider, which bills too: `whsec_` and base64. */
  readonly webhookSecret: string;
}
