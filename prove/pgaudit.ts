import { isNativeError } from 'node:util/types';
import { prepareDatabase } from '../db/prepare.ts';
import { readRelease } from '../db/release.ts';
import { CHECKS } from './pgaudit/checks.ts';
import { folderWithPgaudit, startAuditedServer } from './pgaudit/start.ts';
import type { AuditedServer } from './pgaudit/start.ts';
import type { Log, Proof, ProofResult } from './proof.ts';

/** HM-AUD-6 as far as the database itself goes. */
export const pgaudit: Proof = {
  name: 'pgaudit',
  proves: "Whoever changes an audit or consent table in Postgres itself is in the server's log, and no parameter is.",
  needs: "Debian's Postgres with pgaudit (apt-get install postgresql-15-pgaudit)",
  async run(log) {
    const folder = folderWithPgaudit();
    if (folder === undefined) return { outcome: 'not run', details: 'no Postgres with pgaudit below /usr/lib/postgresql (apt-get install postgresql-15-pgaudit)' };
    const server = await startAuditedServer(folder);
    try {
      return await prove(server, log);
    } finally {
      await server.stop();
    }
  },
};

async function prove(server: AuditedServer, log: Log): Promise<ProofResult> {
  const problems = await demandWord(server);
  await prepareDatabase(server.as(server.master), server.passwords, readRelease());
  for (const [sentence, run] of CHECKS) {
    log(sentence);
    problems.push(...(await run(server)).map((problem) => `${sentence}: ${problem}`));
  }
  if (problems.length > 0) return { outcome: 'failed', details: problems.join('\n') };
  return { outcome: 'proved', details: `PostgreSQL ${server.version}: ${CHECKS.length + 1} of ${CHECKS.length + 1} hold` };
}

/** A master that may not set pgaudit.log is told so, before anything is made. */
async function demandWord({ superuser, as, master, passwords }: AuditedServer): Promise<string[]> {
  await superuser.query(`REVOKE SET ON PARAMETER "pgaudit.log" FROM ${master.user}`);
  const got = await prepareDatabase(as(master), passwords, readRelease()).then(() => 'nothing', (error: unknown) => (isNativeError(error) && 'code' in error ? error.code : error));
  await superuser.query(`GRANT SET ON PARAMETER "pgaudit.log" TO ${master.user}`);
  return got === 'AUDIT_LOG_UNSETTABLE' ? [] : [`a master that may not set pgaudit.log: got ${String(got)}, expected AUDIT_LOG_UNSETTABLE`];
}
