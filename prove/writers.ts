import { poolAs } from '../test/support/tenants.ts';
import { TestPostgres } from '../test/support/postgres.ts';
import { newTenants, troubleWith, writeAtOnce } from '../test/support/writers.ts';
import type { Log, Proof } from './proof.ts';

const WRITERS = 8;
/** Entries of each writer, by the number of workspaces that they write to. */
const ROUNDS = [
  { workspaces: 1000, entries: 1500 },
  { workspaces: 1, entries: 500 },
];

/** HP-AUD-3 under load. */
export const writers: Proof = {
  name: 'writers',
  proves: 'Eight writers at once, on 1,000 workspaces and on one, make no fork and no gap, as both verifiers find.',
  async run(log) {
    const postgres = await TestPostgres.start();
    const pool = poolAs(postgres, await postgres.migrated(), 'halton_api_a', WRITERS);
    try {
      const trouble: string[] = [];
      const details: string[] = [];
      for (const round of ROUNDS) {
        const { found, line } = await write(pool, round, log);
        trouble.push(...found);
        details.push(line);
      }
      return trouble.length > 0 ? { outcome: 'failed', details: trouble.join('\n') } : { outcome: 'proved', details: details.join('; ') };
    } finally {
      await pool.end();
      await postgres.stop();
    }
  },
};

async function write(pool: Parameters<typeof writeAtOnce>[0], { workspaces, entries }: (typeof ROUNDS)[number], log: Log): Promise<{ readonly found: readonly string[]; readonly line: string }> {
  log(`${WRITERS * entries} entries in ${workspaces} chains`);
  const tenants = await newTenants(pool, workspaces);
  const begun = performance.now();
  const acknowledged = await writeAtOnce(pool, tenants, WRITERS, entries);
  const aSecond = Math.round((WRITERS * entries) / ((performance.now() - begun) / 1000));
  log('verifying each chain twice');
  const found = await troubleWith(pool, acknowledged);
  return { found, line: `${WRITERS * entries} entries in ${workspaces} chains at ${aSecond} a second` };
}
